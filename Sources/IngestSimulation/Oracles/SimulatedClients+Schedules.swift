import IngestCore
import IngestSQL

/// Ticks, as the journal tells them.
extension SimulatedClients {
  /// Each tick is fired once, and where nobody set the clock none is left out.
  func judgeTicks() async throws {
    guard world.plan.has(.schedules) else { return }
    let told = try await database.read { db in
      try db.rows(
        "SELECT data FROM journal WHERE kind IN ('fired', 'skipped', 'missed', 'tick-failed') ORDER BY seq"
      ) {
        $0.optionalText(0) ?? ""
      }
    }
    let ticks = told.compactMap { line in
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
        .schedulesFireOnce, "Between the ticks of \(tick) and \(next) one was left out.")
    }
  }
}
