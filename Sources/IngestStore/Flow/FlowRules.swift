import IngestCore
import IngestSQL
import Synchronization

/// The limits and pauses in force, as one version of the database has them.
struct FlowRules: Sendable {
  var version: Int64 = 0
  var isPaused = false
  var pausedWorkflows: Set<String> = []
  /// Those that gate the start of a job.
  var starts: [Limit] = []
  /// Those that gate the start of each step.
  var steps: [Limit] = []
  /// Those that gate a submit.
  var submits: [Limit] = []
  /// Those that gate a call to a provider.
  var calls: [Limit] = []

  /// Whether no job's start depends on anything here.
  var isFree: Bool { starts.isEmpty && pausedWorkflows.isEmpty }

  init() {}

  init(_ db: Connection, version: Int64, isPaused: Bool) throws {
    self.version = version
    self.isPaused = isPaused
    pausedWorkflows = Set(try db.rows("SELECT workflow FROM paused_workflows") { $0.text(0) })
    for limit in try LimitEntry.stored(db).inForce.compactMap(\.limit) {
      switch limit.amount {
      case .concurrency: starts.append(limit)
      case .rateLimit: submits.append(limit)
      case .throttle:
        switch limit.unit {
        case .jobs: starts.append(limit)
        case .steps: steps.append(limit)
        case .requests, .tokens: calls.append(limit)
        }
      }
    }
  }
}

/// The rules that this process read last: a transition asks for the version, and reads them anew when it is another.
final class FlowCache: Sendable {
  private let rules = Mutex(FlowRules())
  private let notedBoot = Mutex(false)

  var hasNotedBoot: Bool { notedBoot.withLock { $0 } }
  func noteBoot() { notedBoot.withLock { $0 = true } }
  var last: FlowRules { rules.withLock { $0 } }
  func keep(_ new: FlowRules) { rules.withLock { $0 = new } }
}

extension WriteTransaction {
  /// The limits and pauses in force.
  func rules() throws -> FlowRules {
    let stored = try db.first("SELECT version, paused FROM flow") { ($0.int64(0), $0.bool(1)) }
    guard let (version, isPaused) = stored else { throw Failure.damaged("the table flow is empty") }
    let known = flow.last
    if known.version == version { return known }
    let fresh = try FlowRules(db, version: version, isPaused: isPaused)
    flow.keep(fresh)
    return fresh
  }

  /// Makes every process read the rules anew and look again at what is closed. The version is a time, so that one that was
  /// rolled back does not come again with other rules.
  func changeRules() throws {
    _ = try db.run("UPDATE flow SET version = max(version + 1, \(now.rawValue))")
    db.flag(CommitFlag.wake)
  }
}
