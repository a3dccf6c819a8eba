import CFaultyVFS
import Glibc
import Testing

/// A sanitizer intercepts the calls of the C library before these tests can.
@Suite("Loss of power", .enabled(if: ingestd_io_sees_calls()))
struct PowerLossTests {
  @Test("after a crash at any write or sync, every promise is kept")
  func everywhere() async throws {
    let run = try await RecordedRun.make()
    let parts = 2
    let begin = ContinuousClock.now
    // Each task takes half of the points.
    let found = try await withThrowingTaskGroup(of: CrashPoints.self) { group in
      for part in 0..<parts {
        group.addTask {
          var points = CrashPoints(log: run.log, ledger: run.ledger)
          try await points.run(share(part, of: parts, count: run.log.count))
          return points
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let disks = found.map(\.disks).reduce(0, +)
    let checks = found.map(\.checks).reduce(0, +)
    print(
      """
      power loss: \(run.log.count) operations and \(CrashPoints.losses(at: 0).count) kinds of loss gave \(disks) disks, \
      \(checks) of them distinct, in \(ContinuousClock.now - begin)
      """)
    for broken in found.flatMap(\.broken) { Issue.record("\(broken)") }
    #expect(found.allSatisfy { !$0.broken.isEmpty } || disks == (run.log.count + 1) * CrashPoints.losses(at: 0).count)
  }

  @Test("a full disk, a failing disk or a lock that is never released, at any operation, fails only the current call")
  func faults() async throws {
    let run = try await RecordedRun.make()
    let parts = 2
    // All of them would be some ten thousand runs: `make power-loss`.
    let thinned = getenv("POWER_LOSS_FAULTS") == nil ? 16 : 1
    let begin = ContinuousClock.now
    let found = try await withThrowingTaskGroup(of: FaultPoints.Found.self) { group in
      for part in 0..<parts {
        group.addTask {
          var points = try FaultPoints(run: run)
          for act in Act.allCases where points.found.broken.isEmpty {
            // The first act makes all files and names, and is short, so none of its points is left out.
            try await points.strike(act, part: part, of: act == .open ? parts : parts * thinned)
          }
          return points.found
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let struck = Fault.allCases.map { fault in "\(fault) \(found.reduce(0) { $0 + $1.faults[fault, default: 0] })" }
    print(
      """
      faults at every \(thinned == 1 ? "" : "\(thinned)th ")operation: \(struck.joined(separator: ", ")); \(found.reduce(0) { $0 + $1.deaths }) times the power went as well; \
      in \(ContinuousClock.now - begin)
      """)
    for broken in found.flatMap(\.broken) { Issue.record("\(broken)") }
    for fault in Fault.allCases {
      let count = found.reduce(0) { $0 + $1.faults[fault, default: 0] }
      #expect(count > 0)
    }
  }
}

/// Returns one of `parts` ranges of the points from 0 to `count`.
private func share(_ part: Int, of parts: Int, count: Int) -> ClosedRange<Int> {
  let size = (count + parts) / parts
  return part * size...min(count, (part + 1) * size - 1)
}
