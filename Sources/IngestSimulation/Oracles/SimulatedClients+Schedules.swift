import IngestCore
import IngestSQL

/// Checks of the ticks that the journal records.
extension SimulatedClients {
  /// Checks that each tick fired once and, where nobody set the clock, that none was left out.
  func judgeTicks() async throws {
    guard world.plan.has(.schedules) else { return }
    let rows = try await database.read { db in
      try db.rows(
        "SELECT data FROM journal WHERE kind IN ('fired', 'skipped', 'missed', 'tick-failed') ORDER BY seq"
      ) {
        $0.optionalText(0) ?? ""
      }
    }
    let ticks = rows.compactMap { line in
      line.split(separator: " ").dropFirst().first.flatMap { Timestamp(String($0)) }
    }
    var seen: Set<Timestamp> = []
    if let twice = ticks.first(where: { !seen.insert($0).inserted }) {
      return world.oracle.broken(.schedulesFireOnce, "The tick of \(twice) was fired twice.")
    }
    guard !world.plan.has(.clockJumps) else { return }
    let sorted = ticks.sorted()
    for (tick, next) in zip(sorted, sorted.dropFirst()) where next - tick != .seconds(3) {
      return world.oracle.broken(
        .schedulesFireOnce, "A tick between \(tick) and \(next) was left out.")
    }
  }
}
