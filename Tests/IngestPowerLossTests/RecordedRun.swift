import IngestCore
import IngestTestKit

/// One run of the workload on a watched disk.
struct RecordedRun {
  var log: [DiskOperation]
  var ledger: Ledger
  /// The number of operations at the end of each act.
  var acts: [(act: Act, end: Int)]

  /// Returns the points during an act, including its end.
  func points(of act: Act) -> ClosedRange<Int> {
    let position = acts.firstIndex { $0.act == act } ?? 0
    return (position == 0 ? 0 : acts[position - 1].end)...acts[position].end
  }

  static func make(
    _ injection: Machine.BugInjection = Machine.BugInjection(),
    _ decide: (@Sendable (WatchedDisk.Request) -> WatchedDisk.Verdict)? = nil
  ) async throws -> RecordedRun {
    let folder = try TemporaryFolder.inMemory("power-loss")
    defer { withExtendedLifetime(folder) {} }
    let disk = WatchedDisk(root: folder.path)
    disk.decide(decide)
    let machine = try Machine(
      root: folder.path, clock: ManualClock(), seed: 1, vfs: WatchedDisk.vfs, injection: injection)
    var workload = Workload(machine: machine) { disk.count }
    var acts: [(Act, Int)] = []
    for act in Act.allCases {
      try await workload.run(act)
      acts.append((act, disk.count))
    }
    await machine.close()
    disk.end()
    return RecordedRun(log: disk.log, ledger: workload.ledger, acts: acts)
  }
}
