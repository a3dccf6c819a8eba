import Foundation
import IngestSimulation
import Synchronization
import Testing

/// The first run of each world of a fixed range in this process, to compare later runs with.
///
/// ``SimulationTests`` runs most of these worlds anyway, on other threads and beside other work, so it compares them here too.
final class FirstRuns: Sendable {
  static let shared = FirstRuns()
  static let seeds: ClosedRange<UInt64> = 41...240

  private let reports = Mutex<[UInt64: Simulation.Report]>([:])

  /// Keeps the first report of a seed. Returns nil for it and for an equal run, else the place where the two runs part.
  func difference(_ report: Simulation.Report) -> String? {
    let seed = report.plan.seed
    guard Self.seeds.contains(seed) else { return nil }
    let first = reports.withLock { reports -> Simulation.Report? in
      if let first = reports[seed] { return first }
      reports[seed] = report
      return nil
    }
    guard let first else { return nil }
    let (left, right) = (first.trace.map(\.description), report.trace.map(\.description))
    guard left != right || first.digest != report.digest || first.jobs != report.jobs else { return nil }
    let line = zip(left, right).first { $0 != $1 }
    return line.map { "\($0)\n\($1)" } ?? "the journal, or the length of the trace"
  }
}

/// Runs the same worlds several times in one process, on four threads. Each thread starts at another world, so that the
/// memory layout differs between two runs of one world: Swift seeds the order of a dictionary by its storage's address.
@Suite("Determinism")
struct DeterminismTests {
  /// The runs of each world besides its first one; `SIMULATION_REPEATS=N` sets it.
  private static let repeats =
    ProcessInfo.processInfo.environment["SIMULATION_REPEATS"].flatMap { Int($0) } ?? 1

  @Test("two hundred worlds have the same traces in every run and on any thread", arguments: 0..<4)
  func tracesAreEqual(part: Int) throws {
    // What the other tests run is compared too, so only worlds that none of them runs need a second run here.
    let rounds = Self.repeats + (FirstRuns.seeds.allSatisfy(Seeds.set.contains) ? 0 : 1)
    let seeds = FirstRuns.seeds.filter { Int($0) % 4 == part }
    for round in 0..<rounds {
      for place in seeds.indices {
        // Uses another order in each round.
        let seed = seeds[(place * 37 + round * 11) % seeds.count]
        if let difference = FirstRuns.shared.difference(try Simulation.run(SimulationPlan(seed: seed))) {
          Issue.record("two runs of seed \(seed) differ at:\n\(difference)")
        }
      }
    }
  }
}
