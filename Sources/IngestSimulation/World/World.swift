import IngestCore
import IngestIndexSQLite
import IngestSQL
import IngestStore

/// Everything that one run shares: the kernel, the disk, the oracle, the processes.
///
/// `@unchecked`: confined to the kernel's thread.
final class World: @unchecked Sendable {
  static let index = "docs"

  let plan: SimulationPlan
  let kernel: SimulationKernel
  let machine: VirtualMachineClock
  let trace: Trace
  let folder: SimulationFolder
  let provider: SimulatedProvider
  let injection: BugInjection?
  let faults: RandomStream
  let oracle: Oracle
  private(set) var hosts: [WorkerHost] = []
  /// Whether faults happen now. They stop before the world has to settle.
  var isStormy = false
  /// Receivers of wake signals.
  private var listeners: [(process: SimulatedProcess, stream: AsyncStream<Void>.Continuation)] = []
  private var deathListeners: [(peer: String, stream: AsyncStream<Void>.Continuation)] = []
  var tasks: [Task<Void, Never>] = []
  /// Every process, to unwind them at the end.
  private(set) var processes: [SimulatedProcess] = []

  init(plan: SimulationPlan, injection: BugInjection?) throws {
    self.plan = plan
    self.injection = injection
    kernel = SimulationKernel(seed: plan.seed)
    machine = VirtualMachineClock(kernel: kernel)
    trace = Trace(kernel: kernel)
    faults = RandomStream(seed: plan.seed, purpose: "faults")
    provider = SimulatedProvider(random: RandomStream(seed: plan.seed, purpose: "provider"))
    oracle = Oracle(trace: trace, machine: machine)
    folder = try SimulationFolder()
  }

  func process(_ name: String) -> SimulatedProcess {
    let process = SimulatedProcess(name, kernel: kernel)
    processes.append(process)
    return process
  }

  func random(_ purpose: String) -> RandomStream { RandomStream(seed: plan.seed, purpose: purpose) }

  // MARK: - The database

  func openDatabase(for process: SimulatedProcess) throws -> Database {
    var options = DatabaseOptions(mode: .existing)
    options.execution = .caller
    options.synchronous = .normal
    options.migrations = Store.migrations
    options.checkpointPages = 4000
    options.cacheBytes = 1 << 20
    options.now = { 1_700_000_000_000_000 }
    options.onCommit = { [unowned self] flags in
      if flags & CommitFlag.wake != 0 { wake() }
    }
    if let injection { options.faults.statement = { injection.rewrite($0, $1) } }
    options.faults.hidesCommit = { [unowned self] in
      guard isStormy, plan.has(.hiddenCommits), faults.chance(8) else { return false }
      trace.note(process.name, "gets an unknown outcome for a commit that took effect")
      return true
    }
    return try Database(path: folder.database, options: options)
  }

  var indexOptions: DatabaseOptions {
    var options = SQLiteIndex.standardOptions
    options.execution = .caller
    options.synchronous = .normal
    options.cacheBytes = 1 << 20
    if let injection { options.faults.statement = { injection.rewrite($0, $1) } }
    return options
  }

  func store(_ database: Database, clock: VirtualClock, purpose: String) throws -> Store {
    Store(
      database: database, clock: clock,
      identifiers: IdentifierGenerator(clock: clock, random: random("ids of \(purpose)")),
      breakers: try Self.breakers, random: random("store of \(purpose)"))
  }

  static var breakers: BreakerPolicy {
    get throws {
      try BreakerPolicy(
        window: .seconds(60), minimumCalls: 100_000, failureRate: 1, consecutiveFailures: 3,
        firstWait: .seconds(4),
        factor: 2, longestWait: .seconds(16), probes: 1, successesToClose: 2,
        probeLife: .seconds(20))
    }
  }

  // MARK: - Wake signals and deaths

  func listen(_ process: SimulatedProcess) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    listeners.append((process, continuation))
    return stream
  }

  func wake() {
    if injection?.dropsWakes == true { return }
    for listener in listeners {
      if isStormy, plan.has(.lostWakes), faults.chance(500) { continue }
      listener.stream.yield()
    }
  }

  func deaths(of peer: WorkerID) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    if hosts.contains(where: { $0.id == peer && $0.process.state != .killed && !$0.hasEnded }) {
      deathListeners.append((peer.rawValue, continuation))
    } else {
      continuation.yield()
    }
    return stream
  }

  // MARK: - Workers

  func startWorker() throws {
    let host = try WorkerHost(world: self, number: hosts.count + 1)
    hosts.append(host)
    host.start()
  }

  var living: [WorkerHost] { hosts.filter { $0.process.state == .running && !$0.hasEnded } }

  /// Kills a process at its current point. A new one replaces it a little later.
  func kill(_ host: WorkerHost, _ how: String) {
    guard host.process.state == .running || host.process.state == .stopped else { return }
    trace.note(host.name, "is killed \(how)")
    host.process.kill()
    listeners.removeAll { $0.process === host.process }
    oracle.died(host.id)
    for listener in deathListeners where listener.peer == host.id.rawValue { listener.stream.yield() }
    deathListeners.removeAll { $0.peer == host.id.rawValue }
    _ = kernel.schedule(after: faults.time(.milliseconds(10)...(.seconds(4))).microseconds) {
      [weak self] in
      self?.replace()
    }
  }

  private func replace() {
    guard !isOver, living.count < plan.workers else { return }
    do { try startWorker() } catch {
      oracle.broken(.harness, "A worker could not be started: \(error)")
    }
  }

  /// Whether the run is over. Then no worker is replaced.
  var isOver = false
}
