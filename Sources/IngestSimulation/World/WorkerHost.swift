import IngestCore
import IngestDocuments
import IngestEmbedding
import IngestEngine
import IngestHTTPClient
import IngestIndex
import IngestIndexSQLite
import IngestSQL
import IngestSteps
import IngestStore

/// One worker as its own process, with its own connections, caches and memory, assembled as the command line does it.
///
/// `@unchecked`: confined to the kernel's thread.
final class WorkerHost: @unchecked Sendable {
  unowned let world: World
  let name: String
  let id: WorkerID
  let process: SimulatedProcess
  let clock: VirtualClock
  let database: Database
  let store: Store
  let index: SQLiteIndex
  private(set) var worker: Worker?
  private(set) var hasEnded = false
  /// Whether other processes notice its death at once. Otherwise they wait for its leases to end.
  let isWatched: Bool

  init(world: World, number: Int) throws {
    self.world = world
    name = "worker-\(number)"
    id = WorkerID(rawValue: name)
    process = world.process(name)
    clock = VirtualClock(world.machine, process: process)
    database = try world.openDatabase(for: process)
    store = try world.store(database, clock: clock, purpose: name)
    index = SQLiteIndex(folder: world.folder.indexes, options: world.indexOptions)
    isWatched = world.faults.chance(600)
    worker = makeWorker()
  }

  /// Whether the process may still affect what others can see.
  var isOpen: Bool { process.state == .running }

  private func makeWorker() -> Worker {
    let injection = world.injection
    let queue = WatchedQueueStore(host: self, base: store)
    let client = HTTPClient { [unowned self] request in
      await world.provider.answer(request, for: self)
    }
    let gate: any DependencyGate = WatchedGate(
      host: self, base: injection?.gate(store, host: self) ?? store)
    let cache: any EmbeddingCache = WatchedCache(host: self, base: injection?.cache(store) ?? store)
    let backends = BackendRegistry([WatchedIndex(host: self, base: injection?.backend(index, host: self) ?? index)])
    let embedders = EmbedderFactory(
      settings: SimulatedProvider.models.map(SimulatedProvider.settings), cache: cache,
      client: client,
      environment: [:], gate: CallGate(gate, clock: clock))
    let services = StepServices(
      generations: store, documents: store, blobs: RowBlobs(rows: store),
      reader: DocumentReader(pool: ParserPool(size: 1)),
      backends: backends,
      embedders: embedders, clock: clock,
      workflow: { [store, plan = world.plan] name, version in
        if let version, let kept = try await store.workflow(version) {
          return PinnedWorkflow(version: version, definition: kept)
        }
        return try Workflows.get(name, of: plan)
      }, environment: [:], gate: gate, http: client)
    let random = world.random("retries of \(name)")
    let runner = WorkflowRunner(
      store: queue,
      registry: StepRegistry(
        services.steps + [SimulatedExecStep(host: self), SimulatedHTTPStep(host: self)]),
      clock: clock,
      random: random, executor: process)
    let scheduler = Scheduler(
      store: WatchedSchedules(host: self, base: store), zones: UniversalTime(), clock: clock
    ) { [plan = world.plan] in try Workflows.get($0, of: plan) }
    let settlement = Settlement(generations: store, backends: backends)
    let plan = world.plan
    return Worker(
      registration: WorkerRegistration(
        id: id, process: 1, host: "simulation", bootID: clock.bootID, liveness: LivenessToken(rawValue: name),
        concurrency: plan.concurrency),
      store: queue, runner: runner, surroundings: Surroundings(host: self),
      maintenance: [],
      followUp: { all in try await settlement.run(all ? .all : .due) },
      scheduler: scheduler, clock: clock,
      options: WorkerOptions(
        concurrency: plan.concurrency, lease: plan.lease,
        heartbeat: .microseconds(plan.lease.microseconds / 3),
        grace: .seconds(2), patience: .seconds(3), poll: plan.poll)
    ) { [unowned self] event in record(event) }
  }

  func start() {
    world.trace.note(name, "starts")
    world.tasks.append(
      process.start { [self] in
        guard let worker else { return }
        do {
          _ = try await worker.run()
          if isOpen { world.trace.note(name, "ends") }
        } catch {
          if isOpen { world.trace.note(name, "could not register: \(Failure(error).code)") }
        }
        hasEnded = true
        await index.close()
        await database.close()
        self.worker = nil
        guard isOpen, !world.isOver else { return }
        // The command that runs a worker starts it again when it cannot register.
        world.kill(self, "because it could not register")
      })
  }

  private func record(_ event: WorkerEvent) {
    guard isOpen else { return }
    switch event {
    case .storeFailed(let failure): world.trace.note(name, "cannot reach the store: \(failure.code)")
    case .outcomeLost(let job, let failure):
      world.trace.note(
        name, "could not store the outcome of its job: \(failure.code)", about: [job.rawValue])
    case .leaseLost(let job):
      world.trace.note(name, "finds that it has lost the lease of a job", about: [job.rawValue])
    case .stepLeftBehind(let job, let step):
      world.trace.note(name, "abandons step \(step), which ignores cancellation", about: [job.rawValue])
    case .peerDied(let peer, let jobs):
      world.trace.note(name, "reclaims \(jobs) jobs of dead \(peer)")
    case .started, .claimed, .ended, .maintenanceFailed, .scheduleFired: break
    }
  }

  // MARK: - Injected faults

  /// Injects faults: another task may run first, time may pass, or the process may end or stop. Called before and after
  /// everything that others can see.
  func pass(_ place: @autoclosure () -> String) async throws {
    guard isOpen else { throw CancellationError() }
    let (faults, plan) = (world.faults, world.plan)
    if world.isStormy {
      if plan.has(.crashes), faults.chance(4) {
        world.kill(self, place())
        await process.never()
        throw CancellationError()
      }
      if plan.has(.stops), faults.chance(4) {
        let time = faults.time(
          .milliseconds(200)...(.microseconds(plan.lease.microseconds * 5 / 2)))
        world.stop(self, for: time, place())
        await Task.yield()
      }
      if plan.has(.slowness), faults.chance(20) {
        try? await clock.sleep(for: faults.time(.milliseconds(1)...(.milliseconds(1500))))
      }
    }
    if faults.chance(300) { await Task.yield() }
    guard isOpen else { throw CancellationError() }
  }

  /// Like ``pass(_:)``, and the store or the disk may also refuse.
  func enter(_ place: @autoclosure () -> String) async throws {
    try await pass("before \(place())")
    if world.isStormy, world.plan.has(.storeErrors), world.faults.chance(10) {
      let isFull = world.faults.chance(300)
      world.trace.note(name, "gets the error \(isFull ? "disk is full" : "database is busy") at \(place())")
      throw isFull
        ? Failure(.transient, code: "DISK_FULL", "The disk is full.", scope: .everyone)
        : Failure(.transient, code: "DATABASE_BUSY", "Another process holds the database.", scope: .everyone)
    }
  }
}

extension World {
  /// Stops a process for a while. The process does not notice.
  func stop(_ host: WorkerHost, for time: Duration, _ place: String) {
    guard host.process.state == .running else { return }
    trace.note(host.name, "is stopped for \(time.milliseconds) ms, \(place)")
    host.process.stop()
    _ = kernel.schedule(after: time.microseconds) { [weak self, weak host] in
      guard let self, let host, host.process.state == .stopped else { return }
      trace.note(host.name, "continues")
      host.process.resume()
    }
  }
}

/// The wake signals and deaths that a worker is notified of.
private struct Surroundings: WorkerSurroundings {
  unowned let host: WorkerHost

  func signal() { host.world.wake() }

  func wakes() -> AsyncStream<Void> { host.world.listen(host.process) }

  func announce(_ worker: WorkerID) throws -> any WorkerPresence {
    SimulatedPresence(token: LivenessToken(rawValue: host.name))
  }

  /// Only commands for people call this.
  func isAlive(_ token: LivenessToken) -> Bool? { nil }

  func death(of peer: WorkerRegistration) async -> Bool {
    if !host.isWatched {
      // The peer counts as a worker on another machine: only its leases show that it died.
      try? await host.clock.sleep(for: .seconds(1_000_000_000))
      return false
    }
    for await _ in host.world.deaths(of: peer.id) { return true }
    return false
  }
}

private final class SimulatedPresence: WorkerPresence {
  let token: LivenessToken

  init(token: LivenessToken) { self.token = token }

  func release() {}
}

/// UTC for all schedules of a simulation.
struct UniversalTime: TimeZoneSource {
  func rules(of zone: String) throws -> TimeZoneRules { .utc }
}

/// Blobs stored as rows only, since no document of a simulation is larger.
struct RowBlobs: BlobStore {
  let rows: any BlobRows

  func put(_ bytes: [UInt8]) async throws -> ContentHash {
    let blob = Blob(hash: Workflows.hash(bytes), bytes: bytes)
    try await rows.insertBlob(blob)
    return blob.hash
  }

  func get(_ hash: ContentHash) async throws -> [UInt8] {
    guard case .row(let bytes)? = try await rows.blobRow(hash) else {
      throw Failure(.permanent, code: "BLOB_MISSING", "The bytes \(hash) are missing.", reason: .blobLost)
    }
    return bytes
  }

  func open(_ hash: ContentHash) async throws -> Int32 {
    throw Failure(.permanent, code: "BLOB_MISSING", "A simulation has no blob files.", reason: .blobLost)
  }
}
