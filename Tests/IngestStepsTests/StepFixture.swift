import Foundation
import IngestBlobs
import IngestCore
import IngestDigest
import IngestDocuments
import IngestEmbedding
import IngestIndex
import IngestIndexSQLite
import IngestSteps
import IngestStore
import IngestTestKit
import Testing

/// The steps with the real store, blobs and index.
struct StepFixture {
  let base: StoreFixture
  let blobs: FileBlobStore
  let backend: SQLiteIndex
  let backends: BackendRegistry
  let services: StepServices
  let worker: WorkerID

  var store: Store { base.store }

  static let workflow = PinnedWorkflow(
    version: ContentHash(rawValue: "ingest"),
    definition: WorkflowDefinition(
      name: "ingest",
      steps: ["parse", "chunk", "embed", "upsert"].map { StepDefinition(id: $0, uses: $0) }))
  static let delete = PinnedWorkflow(
    version: ContentHash(rawValue: "delete"),
    definition: WorkflowDefinition(name: "delete", steps: [StepDefinition(id: "remove", uses: "remove")]))
  static let reindex = PinnedWorkflow(
    version: ContentHash(rawValue: "reindex"),
    definition: WorkflowDefinition(
      name: "reindex",
      steps: ["fill", "verify", "ready", "swap"].map { StepDefinition(id: $0, uses: $0) }))

  init(
    embedder: EmbedderSettings = .hash, environment: [String: String] = [:], gate: (any DependencyGate)? = nil,
    others: [any IndexBackend] = []
  ) async throws {
    base = try await StoreFixture(index: false)
    worker = try await base.worker()
    blobs = FileBlobStore(folder: base.folder.path + "/blobs", rows: base.store)
    let indexes = base.folder.path + "/indexes"
    try FileManager.default.createDirectory(atPath: indexes, withIntermediateDirectories: false)
    backend = SQLiteIndex(folder: indexes)
    backends = BackendRegistry([backend] + others)
    let program = Bundle.main.bundleURL.appendingPathComponent("ingestd-parse").path
    services = StepServices(
      generations: base.store, documents: base.store, blobs: blobs,
      reader: DocumentReader(pool: ParserPool(size: 1, program: program)), backends: backends,
      embedders: EmbedderFactory(settings: [embedder], cache: base.store, environment: [:]), clock: base.clock,
      workflow: { name, version in
        PinnedWorkflow(
          version: version ?? ContentHash(rawValue: "newest-\(name)"),
          definition: WorkflowDefinition(name: name, steps: []))
      }, environment: environment, gate: gate)
    let first = try await store.createIndex("docs", spec: Self.spec(embedder), actor: "test")
    try await backend.create(GenerationName(first), dimensions: embedder.dimensions)
    try await store.activateFirst(first, actor: "test")
  }

  static func spec(_ embedder: EmbedderSettings = .hash, target: Int = 220) -> GenerationSpec {
    GenerationSpec(
      parser: DocumentReader.fingerprint, chunker: ChunkerSettings(target: target), embedder: embedder.spec)
  }

  /// Submits a text.
  @discardableResult
  func submit(_ uri: String, _ text: String) async throws -> SubmitReceipt {
    let bytes = Array(text.utf8)
    let change: SubmitRequest.Change =
      if bytes.count > Blob.rowLimit {
        .stored(try await blobs.put(bytes), size: bytes.count)
      } else {
        .bytes(Blob(hash: ContentHash(rawValue: SHA256.hash(bytes)), bytes: bytes))
      }
    return try await store.submit(
      SubmitRequest(
        index: "docs", source: "default", uri: uri, change: change, workflow: Self.workflow, actor: "test"))
  }

  @discardableResult
  func delete(_ uri: String) async throws -> SubmitReceipt {
    try await store.submit(
      SubmitRequest(
        index: "docs", source: "default", uri: uri, change: .delete, workflow: Self.delete, actor: "test"))
  }

  func claim(_ source: String = "default") async throws -> ClaimedJob {
    try #require(try await base.claim(worker, scope: WorkScope(sources: [source])).first)
  }

  /// Runs one step of a job, and stores nothing but what the step saves.
  /// - Parameter save: called in place of the store's method.
  func run(
    _ kind: String, of job: ClaimedJob, results: [String: String] = [:], cursor: String? = nil,
    save: (@Sendable (StepSave) async throws -> Void)? = nil
  ) async throws -> StepOutput {
    let step = try #require(services.steps.first { type(of: $0).kind == kind })
    let context = StepContext(clock: base.clock) { [store] saved in
      if let save { return try await save(saved) }
      try await store.save(job.lease, step: kind, position: 0, saved)
    }
    return try await step.run(
      StepInput(job: job.lease.job, task: job.task, results: results, cursor: cursor), context)
  }

  /// Runs steps of a job one after another and stores their checkpoints.
  /// - Returns: the results so far.
  @discardableResult
  func run(
    _ kinds: [String], of job: ClaimedJob, results: [String: String] = [:], isLast: Bool = false
  ) async throws -> [String: String] {
    var results = results
    for kind in kinds {
      let output = try await run(kind, of: job, results: results)
      results[kind] = output.result
      let checkpoint = Checkpoint(
        step: kind, position: results.count - 1, output: output, startedAt: base.clock.now,
        finishedAt: base.clock.now)
      if isLast, kind == kinds.last {
        try await store.finish(job.lease, .completed, last: checkpoint)
      } else if output.gathers {
        try await store.finish(job.lease, .gathers, last: checkpoint)
      } else {
        try await store.checkpoint(job.lease, checkpoint)
      }
    }
    return results
  }

  /// Runs the next document's job until it completes.
  func complete() async throws {
    let job = try await claim()
    let isDelete = job.workflow == Self.delete.version
    try await run(isDelete ? ["remove"] : ["parse", "chunk", "embed", "upsert"], of: job, isLast: true)
  }

  func proof(_ generation: Int = 1) async throws -> IndexVerification {
    try await GenerationProof(generations: store, backends: backends).run(
      GenerationName(index: "docs", number: generation))
  }

  /// Returns a text of many different paragraphs.
  static func text(_ paragraphs: Int, _ word: String = "alpha") -> String {
    (0..<paragraphs).map { number in
      (0..<60).map { "\(word)\(number * 60 + $0)" }.joined(separator: " ") + "."
    }.joined(separator: "\n\n")
  }
}
