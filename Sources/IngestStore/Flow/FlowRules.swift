import IngestCore
import IngestSQL
import Synchronization

extension FlowRules {
  /// Reads them.
  init(_ db: Connection, version: Int64, isPaused: Bool) throws {
    self.init(
      version: version, isPaused: isPaused,
      pausedWorkflows: Set(try db.rows("SELECT workflow FROM paused_workflows") { $0.text(0) }),
      limits: try LimitEntry.stored(db).inForce.compactMap(\.limit))
  }
}

/// The rules that this process read last. A transition reads their version in the database, and reads the rules again
/// if the version has changed.
final class FlowCache: Sendable {
  private let rules = Mutex(FlowRules())
  private let notedBoot = Mutex(false)

  var hasNotedBoot: Bool { notedBoot.withLock { $0 } }
  func noteBoot() { notedBoot.withLock { $0 = true } }
  var last: FlowRules { rules.withLock { $0 } }
  func keep(_ new: FlowRules) { rules.withLock { $0 = new } }
}

extension WriteTransaction {
  /// Returns the limits and pauses in force.
  func rules() throws -> FlowRules {
    let stored = try db.first("SELECT version, paused FROM flow") { ($0.int64(0), $0.bool(1)) }
    guard let (version, isPaused) = stored else { throw Failure.damaged("the table flow is empty") }
    let known = flow.last
    if known.version == version { return known }
    let fresh = try FlowRules(db, version: version, isPaused: isPaused)
    flow.keep(fresh)
    return fresh
  }

  /// Makes every process read the rules again and check everything that is closed. The version is a time, so that a
  /// version that was rolled back is not used again for other rules.
  func changeRules() throws {
    _ = try db.run("UPDATE flow SET version = max(version + 1, \(now.rawValue))")
    db.flag(CommitFlag.wake)
  }
}
