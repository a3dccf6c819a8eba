import Glibc
import IngestBlobs
import IngestCore
import IngestDocuments
import IngestIndex
import IngestIndexSQLite
import IngestOperations
import IngestStore
import IngestTestKit

private struct UTCOnly: TimeZoneSource {
  func rules(of zone: String) -> TimeZoneRules { .utc }
}

/// Workers that count as alive, by name.
struct LiveWorkers: LivingWorkers {
  var names: Set<String> = []
  func isAlive(_ worker: StatusReport.Worker) -> Bool { names.contains(worker.worker) }
}

/// Parsed texts by content hash.
struct KeptTexts: DocumentTexts {
  var pages: [ContentHash: [ParsedPage]] = [:]
  func pages(of content: ContentHash, parser: String) async throws -> [ParsedPage]? { pages[content] }
}

/// A fixed list of workflows without files.
struct ListedWorkflows: WorkflowCatalogue {
  var workflows: [PinnedWorkflow]

  func listing() throws -> WorkflowListing {
    WorkflowListing(workflows: workflows.map(Self.listed), broken: [])
  }

  func workflow(_ name: String) throws -> ListedWorkflow {
    if let found = workflows.first(where: { $0.definition.name == name }) { return Self.listed(found) }
    throw Failure(.permanent, code: "WORKFLOW_NOT_FOUND", "There is no workflow called \(name).", category: .notFound)
  }

  func check(file: String) throws -> WorkflowCheck { .sound(try workflow(file)) }
  func drawing(of workflow: WorkflowDefinition, in format: WorkflowDrawing) -> String { "" }

  private static func listed(_ workflow: PinnedWorkflow) -> ListedWorkflow {
    ListedWorkflow(definition: workflow.definition, version: workflow.version, origin: "test")
  }
}

/// A configuration with the embedders `hash` and `other`, and the schedules and limits that a test gives it.
struct TestSettings: OperationSettings {
  var configured: [String: ScheduleSpec] = [:]
  var configuredFlow = ConfiguredFlow(limits: [], sources: [], fingerprint: "none")

  func embedderName(forIndex index: String) -> String { "hash" }
  func chunker(forIndex index: String) -> ChunkerSettings { ChunkerSettings() }
  var parser: String { StoreFixture.spec.parser }
  var keyLife: Duration { SubmitRequest.standardKeyLife }
  func embedder(named name: String) throws -> EmbedderSpec {
    var spec = StoreFixture.spec.embedder
    switch name {
    case "hash": break
    case "other": (spec.name, spec.model) = ("other", "another model")
    default: throw Failure(.permanent, code: "EMBEDDER_UNKNOWN", "There is no embedder '\(name)'.", category: .notFound)
    }
    return spec
  }
  func flow() throws -> ConfiguredFlow { configuredFlow }
  func schedules() throws -> [String: ScheduleSpec] { configured }
}

/// A fresh store with an index `docs`, and the operations on them.
struct OperationsFixture {
  let base: StoreFixture
  let backend: SQLiteIndex
  var settings = TestSettings()
  var liveness = LiveWorkers()
  var texts = KeptTexts()
  var workflows = ListedWorkflows(
    workflows: ["ingest", "delete", "reindex", "scan"].map { StoreFixture.workflow($0) })

  init(index: Bool = true) async throws {
    base = try await StoreFixture(index: index)
    mkdir(base.folder.file("indexes"), 0o700)
    backend = SQLiteIndex(folder: base.folder.file("indexes"))
    if index {
      try await backend.create(.init(index: "docs", number: 1), dimensions: StoreFixture.spec.embedder.dimensions)
    }
  }

  var store: Store { base.store }

  var operations: Operations { Operations(parts { _ in }, actor: Actor(.program, "test")) }

  /// The parts of the operations, with what a test changes in them.
  func parts(_ change: (inout OperationParts) -> Void) -> OperationParts {
    var parts = OperationParts(
      submits: store, enqueues: store, jobs: store, signals: store, documents: store, generations: store,
      limits: store, breakers: store, schedules: store, backends: BackendRegistry([backend]), zones: UTCOnly(),
      clock: base.clock, settings: settings, workflows: workflows, texts: texts, liveness: liveness,
      blobs: FileBlobStore(folder: base.folder.file("blobs"), rows: store))
    change(&parts)
    return parts
  }

  /// Submits a text and returns its job.
  func submit(_ uri: String, source: String = "default") async throws -> JobID {
    let receipt = try await store.submit(StoreFixture.request(uri, "text of \(uri)", source: source))
    guard let job = receipt.job else { throw Failure(.permanent, code: "NO_JOB", "nothing was queued") }
    return job
  }

  /// Submits a text whose job dies.
  func dead(_ uri: String, source: String = "default", code: String = "BROKEN") async throws -> JobID {
    let job = try await submit(uri, source: source)
    let worker = try await base.worker()
    for claimed in try await base.claim(worker, limit: 100) {
      let failed = FailedAttempt(
        position: 0, failure: Failure(.permanent, code: code, "It broke.").during(step: "step-0", attempt: 1),
        startedAt: base.clock.now, finishedAt: base.clock.now)
      if claimed.lease.job == job { try await store.finish(claimed.lease, .dead(failed), last: nil) }
    }
    return job
  }
}

/// Returns the code of the failure that a body throws; nil if it throws none.
func code(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch {
    return Failure(error).code
  }
}
