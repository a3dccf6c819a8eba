import IngestCore
import IngestSQL

/// One world from its beginning to its rest, on the caller's thread. The same plan gives the same world, to the byte.
package enum Simulation {
  package struct Report: Sendable {
    package var plan: SimulationPlan
    /// The first promise that was broken; nil when all held.
    package var finding: Finding?
    package var trace: [Trace.Line]
    /// The last lines that have to do with the finding.
    package var story: [Trace.Line]
    /// Names the run: everything that happened and every line of the journal.
    package var digest: UInt64
    /// In microseconds of the world's own time.
    package var elapsed: Int64
    package var jobs: Int
    package var steps: Int
    /// Of an injected bug: how many statements or calls it changed.
    package var injected: Int
    /// Of an injected bug: the names of the statements that it changed.
    package var changedStatements: Set<String>
    /// Jobs that ended as dead letters, by the code of their failure, as far as their workers were heard.
    package var deadLetters: [String: Int]
  }

  /// Microseconds past which a world that has not come to rest never will.
  private static let end: Int64 = 100 * 86_400 * 1_000_000

  /// - Throws: ``SimulationError`` when there is no disk to begin on, or the database cannot be opened.
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
      world.oracle.broken(.everyJobEnds, "Months later the world has not come to rest.")
    case .done: break
    case .deadlock:
      world.oracle.broken(.everyJobEnds, "Everybody waits, and nothing is left that could come.")
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
  /// The journal as it stands, read on a connection of its own.
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

  /// Lets everything end with every door shut, so that memory and files are given back.
  func unwind(_ clients: SimulatedClients) {
    isOver = true
    isStormy = false
    for task in tasks { task.cancel() }
    for process in processes { process.unwind() }
    let deadline = kernel.elapsed + 600_000_000
    _ = kernel.run { kernel.elapsed > deadline }
  }
}
