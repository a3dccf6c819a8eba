import IngestSimulation
import Testing

@Suite("Injected bugs")
struct InjectedBugTests {
  /// The number of worlds to try at most until the bug is found.
  private static let worlds: UInt64 = 200

  @Test("a checker finds each injected bug", arguments: InjectedBug.allCases)
  func isFound(bug: InjectedBug) throws {
    var hits = 0
    for seed in 1...Self.worlds {
      let report = try Simulation.run(SimulationPlan(seed: seed, showing: bug), injecting: bug)
      hits += report.injected
      guard let finding = report.finding else { continue }
      #expect(hits > 0, "the finding in seed \(seed) was not caused by \(bug.rawValue): \(finding.sentence)")
      #expect(finding.promise != .harness, "seed \(seed): \(finding.sentence)")
      return print("injected: \(bug.rawValue) found in world \(seed): \(finding.promise.rawValue)")
    }
    Issue.record("\(bug.rawValue) went unnoticed in \(Self.worlds) worlds, although it changed something \(hits) times")
  }

  @Test(
    "a bug in a statement names a statement that the program prepares, and changes it",
    arguments: InjectedBug.allCases.filter { !$0.statementChanges.isEmpty })
  func namesStatements(bug: InjectedBug) throws {
    var missing = Set(bug.statementChanges.map(\.statement))
    for seed in 1...Self.worlds where !missing.isEmpty {
      missing.subtract(try Simulation.run(SimulationPlan(seed: seed, showing: bug), injecting: bug).changedStatements)
    }
    #expect(
      missing.isEmpty, "no world prepares \(missing.sorted().joined(separator: ", ")) in the form that the bug expects")
  }

  @Test("without the bug, the worlds that are used to find it keep every promise", arguments: InjectedBug.allCases)
  func holdsWithout(bug: InjectedBug) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let report = try Simulation.run(SimulationPlan(seed: seed, showing: bug))
      #expect(report.finding == nil, "seed \(seed): \(report.finding?.sentence ?? "")")
    }
  }

  @Test("the shrinker finds a smaller world that breaks the same promise")
  func shrinks() throws {
    let bug = InjectedBug.doubleClaim
    let report = try #require(
      try (1...20).lazy.map { try Simulation.run(SimulationPlan(seed: $0, showing: bug), injecting: bug) }
        .first { $0.finding != nil && $0.plan.ingredients.count > 8 })
    let smallest = try Shrinker.shrink(report, injecting: bug, tries: 40)
    #expect(smallest.finding?.promise == report.finding?.promise)
    #expect(smallest.plan.ingredients.count < report.plan.ingredients.count)
    #expect(!smallest.story.isEmpty)
  }
}
