import Glibc
import IngestBlobs
import IngestCore
import IngestDocuments
import IngestEmbedding
import IngestIndex
import IngestIndexSQLite
import IngestSQL
import IngestSteps
import IngestStore
import IngestTestKit

/// The parts of a worker, wired as in the program, in one folder. Everything runs on the caller's thread, so the same
/// calls make the same file operations.
final class Machine: Sendable {
  /// The parts that a test breaks on purpose.
  struct BugInjection: Sendable {
    var synchronous = DatabaseOptions.Synchronous.full
    var statement: (@Sendable (String?, String) -> String)?
    var blobs: @Sendable (FileBlobStore, Store) -> any BlobStore = { blobs, _ in blobs }
    var backend: @Sendable (SQLiteIndex) -> any IndexBackend = { $0 }
  }

  let root: String
  let clock: ManualClock
  let database: Database
  let store: Store
  let files: FileBlobStore
  let blobs: any BlobStore
  let index: SQLiteIndex
  let backend: any IndexBackend
  let services: StepServices
  let ran = StepLog()

  /// - Parameters:
  ///   - vfs: the VFS of all databases; nil is the system's.
  ///   - onFatal: called after a failed sync.
  init(
    root: String, clock: ManualClock, seed: UInt64, vfs: String?, injection: BugInjection = BugInjection(),
    onFatal: @escaping @Sendable (SQLError) -> Void = { fatalError("\($0)") }
  ) throws {
    self.root = root
    self.clock = clock
    let random = SeededRandom(seed: seed)
    var options = DatabaseOptions(mode: .create, migrations: Store.migrations)
    options.execution = .caller
    options.checkpointPages = 60
    options.synchronous = injection.synchronous
    options.onFatal = onFatal
    options.now = { clock.now.rawValue }
    options.busy.limit = .microseconds(1)
    options.busy.pause = .microseconds(1) ... .microseconds(1)
    options.faults.vfs = vfs
    options.faults.statement = injection.statement
    // The command line makes this folder before it opens the database.
    for folder in [root + "/indexes"] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw POSIXProblem(call: "mkdir", code: errno)
    }
    database = try Database(path: root + "/ingestd.db", options: options)
    store = Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: random), random: random)
    files = FileBlobStore(folder: root + "/blobs", rows: store, threads: 1, random: random)
    blobs = injection.blobs(files, store)
    options.mode = .existing
    options.migrations = []
    options.autoVacuum = .none
    options.checkpointPages = 40
    options.synchronous = .full
    options.faults.statement = nil
    index = SQLiteIndex(folder: root + "/indexes", options: options)
    backend = injection.backend(index)
    services = StepServices(
      generations: store, documents: store, blobs: blobs, reader: DocumentReader(pool: ParserPool(size: 1)),
      backends: BackendRegistry([backend]),
      embedders: EmbedderFactory(settings: [Self.embedder], cache: store, environment: [:]),
      clock: clock)
  }

  func close() async {
    await index.close()
    await database.close()
  }

  static let embedder: EmbedderSettings = {
    var settings = EmbedderSettings.hash
    settings.dimensions = 8
    return settings
  }()

  static func spec(target: Int = 220) -> GenerationSpec {
    GenerationSpec(
      parser: DocumentReader.fingerprint, chunker: ChunkerSettings(target: target), embedder: embedder.spec)
  }

  static func workflow(_ name: String, _ steps: [String]) -> PinnedWorkflow {
    PinnedWorkflow(
      version: ContentHash(rawValue: name),
      definition: WorkflowDefinition(name: name, steps: steps.map { StepDefinition(id: $0, uses: $0) }))
  }

  static let ingest = workflow("ingest", ["parse", "chunk", "embed", "upsert"])
  static let delete = workflow("delete", ["remove"])
  static let reindex = workflow("reindex", ["fill", "verify", "ready", "swap"])
}

struct POSIXProblem: Error {
  var call: String
  var code: Int32
}
