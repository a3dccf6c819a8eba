import Glibc
import IngestBlobs
import IngestConfig
import IngestCore
import IngestEmbedding
import IngestIndex
import IngestIndexSQLite
import IngestOperations
import IngestProcess
import IngestSQL
import IngestStore

/// A data folder, opened: the store, what is configured, and the operations on them.
struct Installation: Sendable {
  let layout: DataLayout
  let configuration: Configuration
  let database: Database
  let store: Store
  let blobs: FileBlobStore
  /// The embedded indexes, to be closed; everybody else asks ``backend``.
  let indexes: SQLiteIndex
  let backend: any IndexBackend
  let embedders: EmbedderFactory
  let operations: Operations
  let clock: any TimeSource
  let identifiers: IdentifierGenerator
  let environment: [String: String]
  let interceptors: Interceptors

  /// Opens the command's data folder; the database is made where the command may make the folder.
  /// - Parameter flags: configuration that the command line gave, by path.
  static func open(_ context: CommandContext, flags: [String: String] = [:]) async throws -> Installation {
    let layout = DataLayout(folder: try context.dataFolder())
    let configuration = try context.configuration(in: layout, flags: flags)
    if let lost = layout.lostDatabase { throw lost }
    let mayCreate = context.spec.data == .created
    if mayCreate {
      for folder in [layout.indexes, layout.workers] {
        if mkdir(folder, 0o700) == 0 {
          try DataFolder.syncName(of: folder)
        } else if errno != EEXIST {
          throw DataFolderError.unusable(path: folder, reason: String(cString: strerror(errno)))
        }
      }
    }
    let wake = try? WakeFile(path: layout.wake)
    let database: Database
    do {
      database = try Database(
        path: layout.database,
        options: options(configuration, mode: mayCreate ? .create : .existing, context.interceptors.faults) { flags in
          if flags & CommitFlag.wake != 0 { wake?.signal() }
        })
    } catch {
      throw Failure(error)
    }
    let clock = context.clock
    let identifiers = IdentifierGenerator(clock: clock, random: SystemRandom())
    let store = Store(
      database: database, clock: clock, identifiers: identifiers, breakers: try configuration.breaker.policy())
    let interceptors = context.interceptors
    let indexes = SQLiteIndex(folder: layout.indexes)
    let backend = interceptors.backend(indexes)
    return Installation(
      layout: layout, configuration: configuration, database: database, store: store,
      blobs: FileBlobStore(folder: layout.blobs, rows: interceptors.blobRows(store)), indexes: indexes,
      backend: backend,
      embedders: EmbedderFactory(
        settings: Array(configuration.embedders.values), cache: interceptors.cache(store),
        environment: context.environment, gate: CallGate(interceptors.gate(store), clock: clock)),
      operations: Operations(
        submits: interceptors.submits(store), jobs: interceptors.jobs(store), signals: store, documents: store,
        generations: interceptors.generations(store), limits: store, backend: backend, clock: clock,
        actor: actor(context.environment)),
      clock: clock, identifiers: identifiers, environment: context.environment,
      interceptors: interceptors)
  }

  /// Takes over what the configuration says of limits, weights and pauses, if that is new. Whatever starts work or accepts
  /// it does so first.
  func takeOverFlow() async throws {
    _ = try await store.configure(try configuration.flow(), actor: operations.actor)
  }

  /// Closes the database; the last process to do so folds the log into it.
  func close() async {
    await indexes.close()
    await database.close()
  }

  /// Runs a body with the opened folder, and closes it whatever happens.
  static func with<T>(
    _ context: CommandContext, flags: [String: String] = [:], _ body: (Installation) async throws -> T
  ) async throws -> T {
    let installation = try await open(context, flags: flags)
    do {
      let result = try await body(installation)
      await installation.close()
      return result
    } catch {
      await installation.close()
      throw error
    }
  }

  private static func options(
    _ configuration: Configuration, mode: DatabaseOptions.Mode, _ faults: DatabaseFaults,
    onCommit: @escaping @Sendable (UInt64) -> Void
  ) -> DatabaseOptions {
    var options = DatabaseOptions(mode: mode, migrations: Store.migrations)
    options.synchronous =
      switch configuration.store.synchronous {
      case .full: .full
      case .normal: .normal
      }
    options.busy.limit = configuration.store.busyTimeout
    options.cacheBytes = 16 << 20
    options.onCommit = onCommit
    options.faults = faults
    return options
  }

  /// Who the journal says it was.
  private static func actor(_ environment: [String: String]) -> String {
    "cli/\(environment["USER"] ?? environment["LOGNAME"] ?? "uid-\(getuid())")"
  }
}

extension CommandContext {
  /// The data folder for commands that need none but heed its settings: nil when there is none and none was named.
  func layoutIfAny() throws -> DataLayout? {
    do {
      return DataLayout(folder: try dataFolder())
    } catch DataFolderError.missing where self[GlobalOptions.data] == nil {
      return nil
    }
  }

  /// The configuration in force: `--config` or the data folder's `ingestd.yaml`, the environment, and flags.
  func configuration(in layout: DataLayout?, flags: [String: String] = [:]) throws -> Configuration {
    try loadedConfiguration(in: layout, flags: flags).configuration
  }

  func loadedConfiguration(
    in layout: DataLayout?, flags: [String: String] = [:]
  ) throws -> LoadedConfiguration {
    var file = configurationFile
    if file == nil, let standard = layout?.configuration, access(standard, F_OK) == 0 { file = standard }
    return try Configuration.load(file: file, environment: environment, flags: flags)
  }

  /// The workflows that can be run: built in, and those of the folder in force.
  func workflows(_ configuration: Configuration, in layout: DataLayout?) -> WorkflowLibrary {
    WorkflowLibrary.load(
      folder: configuration.workflowsFolder ?? layout?.workflows, isRequired: configuration.workflowsFolder != nil)
  }
}

extension WorkflowEntry {
  var pinned: PinnedWorkflow { PinnedWorkflow(version: version, definition: definition) }
}
