import IngestSQL

/// A run of one world from start to rest, on the caller's thread. The same plan produces the same world, byte for byte.
package enum Simulation {
  package struct Report: Sendable {
    package var plan: SimulationPlan
    /// The first promise that was broken; nil when all held.
    package var finding: Finding?
    package var trace: [Trace.Line]
    /// The last trace lines that concern the finding.
    package var story: [Trace.Line]
    /// A hash over every event and every line of the journal. It identifies the run.
    package var digest: UInt64
    /// Microseconds of the world's own time.
    package var elapsed: Int64
    package var jobs: Int
    package var steps: Int
    /// With an injected bug: how many statements or calls it changed.
    package var injected: Int
    /// With an injected bug: the names of the statements that it changed.
    package var changedStatements: Set<String>
    /// Dead letters by error code, as far as their workers got an answer.
    package var deadLetters: [String: Int]
  }

  /// Microseconds after which a world that has not settled never will.
  private static let end: Int64 = 100 * 86_400 * 1_000_000

  /// - Throws: ``SimulationError`` if there is no folder to start in, or the error of a database that cannot be opened.
  package static func run(
    _ plan: SimulationPlan, injecting bug: InjectedBug? = nil, storyLength: Int = 60
  ) throws -> Report {
    let injection = bug.map(BugInjection.init)
    let world = try World(plan: plan, injection: injection)
    defer { world.folder.remove() }
    let clients = try SimulatedClients(world: world)
    clients.start()
    let end = world.kernel.run {
      clients.isDone || world.oracle.finding != nil || world.kernel.elapsed > Self.end
    }
    switch end {
    case .done where world.kernel.elapsed > Self.end:
      world.oracle.broken(.everyJobEnds, "The world has not settled after 100 days.")
    case .done: break
    case .deadlock:
      world.oracle.broken(.everyJobEnds, "Everything waits, and no timer is left to continue.")
    case .livelock: world.oracle.broken(.everyJobEnds, "Something spins without letting time pass.")
    }
    let elapsed = world.kernel.elapsed
    var digest = world.trace.digest
    for byte in try world.journal().utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let lines = world.trace.lines
    let story = world.trace.story(of: world.oracle.finding?.topics ?? [], limit: storyLength)
    world.unwind(clients)
    return Report(
      plan: plan, finding: world.oracle.finding, trace: lines, story: story, digest: digest,
      elapsed: elapsed,
      jobs: world.oracle.jobs.count, steps: world.kernel.jobsRun, injected: injection?.hits ?? 0,
      changedStatements: injection?.changedStatements ?? [],
      deadLetters: world.oracle.deadLetters)
  }
}

extension World {
  /// Reads the current journal on its own connection.
  func journal() throws -> String {
    let process = process("reader of the journal")
    let database = try openDatabase(for: process)
    let lines = Lines()
    tasks.append(
      process.start {
        lines.text = (try? await SimulatedClients.journal(database).joined(separator: "\n")) ?? "unreadable"
        await database.close()
        lines.isRead = true
      })
    _ = kernel.run { lines.isRead }
    return lines.text
  }

  /// `@unchecked`: confined to the kernel's thread.
  private final class Lines: @unchecked Sendable {
    var text = ""
    var isRead = false
  }

  /// Ends everything while all calls to the outside throw, so that memory and files are freed.
  func unwind(_ clients: SimulatedClients) {
    isOver = true
    isStormy = false
    for task in tasks { task.cancel() }
    for process in processes { process.unwind() }
    let deadline = kernel.elapsed + 600_000_000
    _ = kernel.run { kernel.elapsed > deadline }
  }
}
