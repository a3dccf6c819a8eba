import IngestCore
import IngestDocuments
import IngestIndex
import IngestIndexSQLite
import IngestOperations
import IngestSQL
import IngestStore

/// The simulated process of all clients that are not workers: sources, readers, operators. It never dies, so the
/// answers that it got can be compared with what the system does.
///
/// `@unchecked`: confined to the kernel's thread.
final class SimulatedClients: @unchecked Sendable {
  unowned let world: World
  let process: SimulatedProcess
  let clock: VirtualClock
  let database: Database
  let store: Store
  let index: SQLiteIndex
  let operations: Operations
  let searcher: Searcher
  /// Documents in the order of their first acknowledgement.
  private(set) var known: [DocumentID] = []
  private(set) var isDone = false

  init(world: World) throws {
    self.world = world
    process = world.process("clients")
    clock = VirtualClock(world.machine, process: process)
    database = try world.openDatabase(for: process)
    store = try world.store(database, clock: clock, purpose: "clients")
    index = SQLiteIndex(folder: world.folder.indexes, options: world.indexOptions)
    operations = Operations(
      OperationParts(
        submits: store, enqueues: store, jobs: store, signals: store, documents: store, generations: store,
        limits: store,
        breakers: store, schedules: store, backends: BackendRegistry([index]), zones: UniversalTime(), clock: clock),
      actor: Actor(.program, "clients"))
    searcher = Searcher(
      resolver: SlowResolver(store: store, clock: clock, random: world.random("readers")),
      backends: BackendRegistry([index]), held: store,
      clock: clock
    ) { spec in throw Failure(.permanent, code: "NO_EMBEDDER", "Readers search by words.") }
  }

  func spec(_ model: String, target: Int) -> GenerationSpec {
    GenerationSpec(
      parser: DocumentReader.fingerprint,
      chunker: ChunkerSettings(target: target, maximum: target + target / 3, overlap: target / 6),
      embedder: SimulatedProvider.settings(model).spec)
  }

  func start() {
    world.tasks.append(
      process.start { [self] in
        do {
          try await run()
        } catch {
          world.oracle.broken(
            .harness, "The simulated clients failed: \(Failure(error).code) \(Failure(error).message)")
        }
        await index.close()
        await database.close()
        isDone = true
      })
  }

  private func run() async throws {
    try await open()
    for _ in 0..<world.plan.workers { try world.startWorker() }
    world.isStormy = true
    await withDiscardingTaskGroup { group in
      for number in 0..<world.plan.sources { group.addTask { await self.feed(number) } }
      for number in 0..<world.plan.readers { group.addTask { await self.read(number) } }
      group.addTask { await self.launch() }
      group.addTask { await self.operate() }
      group.addTask { await self.disturb() }
      group.addTask { await self.inspect() }
      group.addTask {
        try? await self.clock.sleep(for: self.world.plan.horizon)
        self.world.isStormy = false
        self.world.trace.note("world", "the faults stop")
      }
    }
    if world.oracle.finding == nil { try await settle() }
  }

  private func open() async throws {
    let first = spec("alpha", target: 24)
    let made = try await operations.createIndex(World.index, spec: first).generation
    world.oracle.specs[made.number] = first
    if world.plan.has(.limits) {
      world.oracle.limits.isInForce = true
      try await store.setLimits(try Limits.rules(world.plan.seed), actor: "clients")
    }
    if world.plan.has(.schedules) {
      let run = ScheduledRun(workflow: "tick", index: World.index, source: "clockwork")
      try await store.addSchedule(
        "often", ScheduleSpec(timing: "every 3s", overlap: .allow, run: run), actor: "clients")
    }
  }

  func knows(_ document: DocumentID, _ facts: DocumentFacts) {
    guard world.oracle.documents[document] == nil else { return }
    world.oracle.documents[document] = facts
    known.append(document)
  }

  /// Sleeps for a random time, so that others run.
  func pause(_ random: RandomStream, _ range: ClosedRange<Duration>) async {
    try? await clock.sleep(for: random.time(range))
  }
}

/// Resolves names slowly, so that other tasks run between the resolution of a name and the search.
private struct SlowResolver: GenerationResolver {
  let store: Store
  let clock: VirtualClock
  let random: RandomStream

  func liveGeneration(of index: String) async throws -> Generation {
    let live = try await store.live(index)
    if random.chance(300) {
      try? await clock.sleep(for: random.time(.zero...(.milliseconds(500))))
    } else {
      await Task.yield()
    }
    return live
  }

  func generation(_ number: Int, of index: String) async throws -> Generation {
    try await store.generation(index, number)
  }
}
