/// A place between two effects at which a process can be made to die or to stop: what `ingestd-under-fire` passes.
package enum CrashPoint: String, Sendable, CaseIterable {
  // Around each transition of a running job.
  case registerBefore = "register.before"
  case registerAfter = "register.after"
  case claimBefore = "claim.before"
  /// Only of a claim that took something.
  case claimAfter = "claim.after"
  case renewBefore = "renew.before"
  case renewAfter = "renew.after"
  case admitBefore = "admit.before"
  case admitAfter = "admit.after"
  case saveBefore = "save.before"
  case saveAfter = "save.after"
  /// A parser is in the middle of its document, and the pages read so far are saved.
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
  /// The blob's file is in place, and its row is not.
  case noteBefore = "note.before"
  case noteAfter = "note.after"
  /// A collected blob's file is gone, and its row is not.
  case unlinked = "unlink.after"
  case collectAfter = "collect.after"

  // The provider.
  case enterAfter = "enter.after"
  case leaveBefore = "leave.before"
  /// The provider has answered, and the answer is not kept yet.
  case cacheBefore = "cache.before"
  case cacheAfter = "cache.after"

  // The index. After: the effect is there, the checkpoint is not.
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
  /// The index was looked at for what an ended job had written, and the catalogue knows nothing of it yet.
  case settleBefore = "settle.before"
  case settleAfter = "settle.after"

  // What people ask for.
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

  /// Lies inside of a write transaction.
  package var isInTransaction: Bool { self == .unlinked }
}

/// What `ingestd-under-fire` is told, by variables of its environment.
package struct FireOrder: Sendable {
  package enum Act: String, Sendable {
    case kill
    /// Makes the file `LOG.PROCESS.halted` and waits there for `LOG.PROCESS.go`.
    case stop
  }

  /// Nil counts the visits of all points together.
  package var point: CrashPoint?
  /// From 1; 0 is never.
  package var visit: Int
  package var act: Act

  package init(_ point: CrashPoint?, visit: Int = 1, act: Act = .kill) {
    self.point = point
    self.visit = visit
    self.act = act
  }

  package static let orderVariable = "UNDER_FIRE_AT"
  /// A file to which the first visit of each point is appended, and `!` with the point at which the order was carried out.
  package static let logVariable = "UNDER_FIRE_LOG"
  /// A ``InjectedBug``.
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

/// A bug that `ingestd-under-fire` can have, so that the checker is seen to find it.
package enum InjectedBug: String, Sendable, CaseIterable {
  /// Any worker's writes count, whoever has the job by now.
  case droppedFence
  /// An index write is told as done, and done after the checkpoint.
  case checkpointBeforeEffect
  /// The lower revision goes before the new one is there.
  case deleteBeforeWrite
  /// Answers are used and not kept.
  case cacheNotCommitted
  /// A blob's row is written before its file.
  case rowBeforeBlob
  /// A swap in two transactions.
  case swapInTwo
  /// A query takes its hits from two generations.
  case mixedSearch
}
