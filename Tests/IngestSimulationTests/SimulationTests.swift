import Foundation
import IngestSimulation
import Testing

@Suite("Simulation")
struct SimulationTests {
  @Test("every promise holds in every world", arguments: Seeds.parts)
  func promisesHold(part: [UInt64]) throws {
    for seed in part {
      let report = try Simulation.run(SimulationPlan(seed: seed))
      if let difference = FirstRuns.shared.difference(report) {
        Issue.record("two runs of seed \(seed) differ at:\n\(difference)")
      }
      guard let finding = report.finding else { continue }
      let story = report.story.map(\.description).joined(separator: "\n")
      Issue.record(
        "SIMULATION_SEED=\(seed) \(finding.promise.rawValue): \(finding.sentence)\n\(story)")
    }
  }

  @Test("the same seed gives the same world, to the byte", arguments: [3, 5, 15, 20] as [UInt64])
  func isDeterministic(seed: UInt64) throws {
    let first = try Simulation.run(SimulationPlan(seed: seed))
    let second = try Simulation.run(SimulationPlan(seed: seed))
    let difference = zip(first.trace, second.trace).first { $0.description != $1.description }
    #expect(
      first.digest == second.digest,
      "they part at \(difference.map { "\($0) | \($1)" } ?? "the journal")")
  }

  @Test("the same seed gives the same world in another process")
  func isDeterministicElsewhere() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      for seed in [2, 5, 15] as [UInt64] {
        print("digest", try Simulation.run(SimulationPlan(seed: seed)).digest)
      }
    }
    let text = String(decoding: result.standardOutputContent, as: UTF8.self)
    for seed in [2, 5, 15] as [UInt64] {
      let digest = try Simulation.run(SimulationPlan(seed: seed)).digest
      #expect(text.contains("digest \(digest)"), "seed \(seed)")
    }
  }
}

/// The worlds that run: a fixed list and some new ones in each run, unless the environment names others.
enum Seeds {
  private static let environment = ProcessInfo.processInfo.environment

  static let all: [UInt64] = {
    if let one = environment["SIMULATION_SEED"].flatMap({ UInt64($0) }) { return [one] }
    let count = environment["SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 60
    let base = UInt64.random(in: 1_000_000...1_000_000_000_000)
    print("simulation: seeds 1...\(count * 9 / 10) and \(count - count * 9 / 10) from \(base) on")
    return Array(1...(count * 9 / 10)) + Array(base..<(base + count - count * 9 / 10))
  }()

  static let set = Set(all)

  /// The seeds in at most eight parts: more than can run side by side, so that they end at about the same time.
  static let parts: [[UInt64]] = {
    let parts = min(all.count, 8)
    return (0..<parts).map { part in
      all.enumerated().filter { $0.offset % parts == part }.map(\.element)
    }
  }()
}
