import Dispatch
import Foundation
import IngestSimulation
import Synchronization
import Testing

/// Runs the same worlds many times in one process, on several threads and beside a busy one. Each thread starts at
/// another world, so that the memory layout differs between two runs of one world.
@Suite("Determinism")
struct DeterminismTests {
  /// `SIMULATION_REPEATS=N` runs each world N times.
  private static let repeats =
    ProcessInfo.processInfo.environment["SIMULATION_REPEATS"].flatMap { Int($0) } ?? 2
  private static let worlds = 200

  private struct State {
    var next = 0
    var first: [UInt64: Simulation.Report] = [:]
    var parted: [UInt64: String] = [:]
    var failure: String?
  }

  /// The state that the threads share.
  private final class Runs: Sendable {
    let state = Mutex(State())
    let isOver = Atomic(false)

    func run() {
      while let number = state.withLock({ state -> Int? in
        guard state.failure == nil, state.next < DeterminismTests.worlds * DeterminismTests.repeats else { return nil }
        defer { state.next += 1 }
        return state.next
      }) {
        // Uses another order in each round.
        let (round, world) = (number / DeterminismTests.worlds, number % DeterminismTests.worlds)
        let place = (world * 37 + round * 11) % DeterminismTests.worlds
        do { compare(try Simulation.run(SimulationPlan(seed: UInt64(41 + place)))) } catch {
          state.withLock { $0.failure = "\(error)" }
        }
      }
    }

    private func compare(_ report: Simulation.Report) {
      state.withLock { state in
        let seed = report.plan.seed
        guard let first = state.first[seed] else { return state.first[seed] = report }
        let (left, right) = (first.trace.map(\.description), report.trace.map(\.description))
        guard left != right || first.digest != report.digest || first.jobs != report.jobs else { return }
        let line = zip(left, right).first { $0 != $1 }
        state.parted[seed] = line.map { "\($0)\n\($1)" } ?? "the journal, or the length of the trace"
      }
    }
  }

  @Test("two hundred worlds have the same traces in every run, on any thread and beside any load")
  func tracesAreEqual() throws {
    let runs = Runs()
    Thread.detachNewThread {
      var number: UInt64 = 1
      while !runs.isOver.load(ordering: .relaxed) { number = number &* 6_364_136_223_846_793_005 &+ 1 }
    }
    let threads = DispatchGroup()
    for _ in 0..<4 {
      threads.enter()
      let thread = Thread {
        runs.run()
        threads.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    threads.wait()
    runs.isOver.store(true, ordering: .relaxed)
    let (failure, parted) = runs.state.withLock { ($0.failure, $0.parted) }
    #expect(failure == nil)
    for (seed, line) in parted.sorted(by: { $0.key < $1.key }) {
      Issue.record("two runs of seed \(seed) differ at:\n\(line)")
    }
  }
}
