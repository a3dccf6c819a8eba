/// A place between two effects at which `ingestd-under-fire` can make a process die or stop.
package enum CrashPoint: String, Sendable, CaseIterable {
  // Around each transition of a running job.
  case registerBefore = "register.before"
  case registerAfter = "register.after"
  case claimBefore = "claim.before"
  /// Only for a claim that took a job.
  case claimAfter = "claim.after"
  case renewBefore = "renew.before"
  case renewAfter = "renew.after"
  case admitBefore = "admit.before"
  case admitAfter = "admit.after"
  case saveBefore = "save.before"
  case saveAfter = "save.after"
  /// A parser is in the middle of its document, and the pages read so far are stored.
  case pageBefore = "page.before"
  case pageAfter = "page.after"
  case checkpointBefore = "checkpoint.before"
  case checkpointAfter = "checkpoint.after"
  case finishBefore = "finish.before"
  case finishAfter = "finish.after"
  case markFailingBefore = "mark-failing.before"
  case markFailingAfter = "mark-failing.after"
  case reclaimBefore = "reclaim.before"
  case reclaimAfter = "reclaim.after"
  case deregisterBefore = "deregister.before"
  case deregisterAfter = "deregister.after"

  // A workflow's swap: the alias changes in the transaction that ends the job.
  case aliasBefore = "alias.before"
  case aliasAfter = "alias.after"

  // Bytes.
  /// The blob's file is in place, but its row is not.
  case noteBefore = "note.before"
  case noteAfter = "note.after"
  /// A collected blob's file is gone, but its row is not.
  case unlinked = "unlink.after"
  case collectAfter = "collect.after"

  // The provider.
  case enterAfter = "enter.after"
  case leaveBefore = "leave.before"
  /// The provider has answered, but the answer is not stored yet.
  case cacheBefore = "cache.before"
  case cacheAfter = "cache.after"

  // The index. "After" means: the effect is there, the checkpoint is not.
  case writeBefore = "write.before"
  case writeAfter = "write.after"
  case stageBefore = "stage.before"
  case stageAfter = "stage.after"
  case publishBefore = "publish.before"
  case publishAfter = "publish.after"
  case removeBefore = "remove.before"
  case removeAfter = "remove.after"
  case createBefore = "create.before"
  case createAfter = "create.after"
  case deleteBefore = "delete.before"
  case deleteAfter = "delete.after"
  case tombstonesBefore = "tombstones.before"
  case tombstonesAfter = "tombstones.after"
  /// The index was queried for the writes of an ended job, but the catalogue does not know the result yet.
  case settleBefore = "settle.before"
  case settleAfter = "settle.after"

  // Actions that people ask for.
  case submitBefore = "submit.before"
  case submitAfter = "submit.after"
  case actBefore = "act.before"
  case actAfter = "act.after"
  case openBefore = "open.before"
  case openAfter = "open.after"
  case fillBefore = "fill.before"
  case fillAfter = "fill.after"
  case swapBefore = "swap.before"
  case swapAfter = "swap.after"
  case closeBefore = "close.before"
  case closeAfter = "close.after"

  /// Whether the point lies inside a write transaction.
  package var isInTransaction: Bool { self == .unlinked }
}

/// The order that `ingestd-under-fire` gets in environment variables.
package struct FireOrder: Sendable {
  package enum Act: String, Sendable {
    case kill
    /// Creates the file `LOG.PROCESS.halted` and waits there for the file `LOG.PROCESS.go`.
    case stop
  }

  /// The point at which to act. Nil counts the visits of all points together.
  package var point: CrashPoint?
  /// The visit at which to act, counted from 1; 0 means never.
  package var visit: Int
  package var act: Act

  package init(_ point: CrashPoint?, visit: Int = 1, act: Act = .kill) {
    self.point = point
    self.visit = visit
    self.act = act
  }

  package static let orderVariable = "UNDER_FIRE_AT"
  /// Names a log file. The first visit of each point is appended to it, and `!` with the point at which the order was
  /// carried out.
  package static let logVariable = "UNDER_FIRE_LOG"
  /// Names an ``InjectedBug``.
  package static let bugVariable = "UNDER_FIRE_BUG"

  package var text: String { "\(point?.rawValue ?? "*") \(visit) \(act.rawValue)" }

  package init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, let visit = Int(words[1]), let act = Act(rawValue: String(words[2])) else { return nil }
    let point = CrashPoint(rawValue: String(words[0]))
    guard point != nil || words[0] == "*" else { return nil }
    self.init(point, visit: visit, act: act)
  }
}

/// A bug that `ingestd-under-fire` can have, to check that the tests find it.
package enum InjectedBug: String, Sendable, CaseIterable {
  /// A worker's writes take effect even if another worker holds the job now.
  case droppedFence
  /// An index write is reported as done, but happens after the checkpoint.
  case checkpointBeforeEffect
  /// The lower revision is removed before the new one is there.
  case deleteBeforeWrite
  /// Answers are used but not stored.
  case cacheNotCommitted
  /// A blob's row is written before its file.
  case rowBeforeBlob
  /// A swap happens in two transactions.
  case swapInTwo
  /// A query takes its hits from two generations.
  case mixedSearch
}
