package import IngestCore
package import IngestSQL
package import IngestStore

/// A fresh database in its own folder, with an index `docs`.
package struct StoreFixture: Sendable {
  package let folder: TemporaryFolder
  package let clock: ManualClock
  package let database: Database
  package let store: Store

  package static let spec = GenerationSpec(
    parser: "test/1", chunker: ChunkerSettings(),
    embedder: EmbedderSpec(name: "hash", provider: "hash", model: "hash/1", dimensions: 384))

  package init(
    _ kind: StoreKind = .sqlite, clock: ManualClock = ManualClock(), index: Bool = true,
    faults: DatabaseFaults = DatabaseFaults()
  ) async throws {
    folder = try TemporaryFolder()
    self.clock = clock
    switch kind {
    case .sqlite:
      var options = DatabaseOptions(mode: .create, migrations: Store.migrations)
      options.faults = faults
      database = try Database(path: folder.path + "/ingestd.db", options: options)
      store = Store(
        database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    }
    if index {
      let first = try await store.createIndex("docs", spec: Self.spec, actor: "test")
      try await store.activateFirst(first, actor: "test")
    }
  }

  /// Opens a database as an older version left it and migrates it to the current schema.
  /// - Parameter dump: the statements that create it. Only SQLite has been released before.
  package init(_ kind: StoreKind = .sqlite, dump: String, clock: ManualClock) async throws {
    folder = try TemporaryFolder()
    self.clock = clock
    switch kind {
    case .sqlite:
      let path = folder.path + "/ingestd.db"
      let old = try Database(path: path, options: DatabaseOptions(mode: .create))
      try await old.write { db in try db.script(dump) }
      await old.close()
      database = try Database(path: path, options: DatabaseOptions(mode: .existing, migrations: Store.migrations))
      store = Store(
        database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    }
  }

  /// Returns a workflow of steps that need nothing.
  package static func workflow(_ name: String = "ingest", steps: Int = 2) -> PinnedWorkflow {
    let definition = WorkflowDefinition(
      name: name, steps: (0..<steps).map { StepDefinition(id: "step-\($0)", uses: "noop") })
    return PinnedWorkflow(version: ContentHash(rawValue: "version-of-\(name)-\(steps)"), definition: definition)
  }

  /// Returns a submit of a small text.
  package static func request(
    _ uri: String, _ text: String = "text", source: String = "default", index: String = "docs",
    workflow: PinnedWorkflow = workflow(), priority: Int = 0, notBefore: Timestamp? = nil, key: String? = nil
  ) -> SubmitRequest {
    let blob = Blob(hash: ContentHash(rawValue: "hash-of-\(text)"), bytes: Array(text.utf8))
    return SubmitRequest(
      index: index, source: source, uri: uri, change: .bytes(blob), workflow: workflow, priority: priority,
      notBefore: notBefore, idempotencyKey: key, actor: "test")
  }

  /// Registers a worker and returns its id.
  package func worker(_ name: String = "worker-1") async throws -> WorkerID {
    let id = WorkerID(rawValue: name)
    try await store.register(
      WorkerRegistration(
        id: id, process: 1, host: "here", bootID: clock.bootID,
        liveness: LivenessToken(rawValue: folder.path + "/" + name), concurrency: 8))
    return id
  }

  package func claim(_ worker: WorkerID, limit: Int = 1, scope: WorkScope = WorkScope()) async throws -> [ClaimedJob] {
    try await store.claim(
      ClaimRequest(worker: worker, limit: limit, scope: scope, lease: .seconds(30), idle: true)
    ).jobs
  }
}
