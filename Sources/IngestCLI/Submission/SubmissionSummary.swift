import IngestAPI
import IngestCore
import IngestIntake

/// The counts of a submission.
struct SubmissionSummary {
  var accepted = 0
  var unchanged = 0
  var duplicate = 0
  var planned = 0
  var deleted = 0
  var plannedDeletes = 0
  var refused = 0
  /// Those past a rate limit; they are not among ``refused``.
  var rateLimited = 0
  /// When the first of them can be accepted.
  private var nextAt: Timestamp?
  /// Their singleton's job is open.
  var busy = 0
  var skipped: [SkipReason: Int] = [:]
  /// Those to wait for: the live generation's jobs.
  var jobs: [JobID] = []
  private var first: SubmitReceipt?

  /// Everything was passed over: nobody submits a folder for that.
  var foundNothing: Bool {
    accepted + unchanged + duplicate + busy + planned + deleted + plannedDeletes + refused + rateLimited == 0
  }

  /// What the submission as a whole ends with; nil when nothing was refused. Only where a limit alone refused is it the
  /// limit's.
  var exit: ExitStatus? {
    if refused > 0 { return .failed }
    return rateLimited > 0 ? ExitStatus(Failure.Category.refused.exitStatus) : nil
  }

  mutating func add(_ line: SubmissionLine, _ console: Console, now: Timestamp) throws {
    var line = line
    switch line.outcome {
    case .answered(let receipt):
      switch receipt.outcome {
      case .accepted: accepted += 1
      case .unchanged: unchanged += 1
      case .duplicate: duplicate += 1
      case .skipped:
        busy += 1
        try console.line(
          "\(line.uri.visible) is skipped: job \(receipt.job.map(\.rawValue) ?? "") is open for the same key")
      }
      if let job = receipt.job, receipt.outcome != .skipped { jobs.append(job) }
      if first == nil, receipt.outcome != .skipped { first = receipt }
    case .planned:
      planned += 1
      try console.line(line.uri.visible)
    case .vanished(let receipt?):
      deleted += 1
      if let job = receipt.job { jobs.append(job) }
    case .vanished(nil):
      plannedDeletes += 1
      try console.line("\(line.uri.visible) (would be deleted)")
    case .skipped(let reason): skipped[reason, default: 0] += 1
    case .refused(let failure) where failure.isRateLimit:
      rateLimited += 1
      line.nextAt = failure.retryAfter.map { now + $0 }
      nextAt = [nextAt, line.nextAt].compactMap { $0 }.min()
      // Of a folder's many, one tells it all.
      if rateLimited == 1, !console.isJSON { try console.report(failure) }
    case .refused(let failure):
      refused += 1
      if !console.isJSON { try console.report(failure) }
    }
    try console.json(SubmitResponse(line))
  }

  func print(_ console: Console, isDryRun: Bool) throws {
    var parts: [String] = []
    func part(_ count: Int, _ text: String) {
      if count > 0 { parts.append("\(DecimalText.grouped(count)) \(text)") }
    }
    part(planned, "would be submitted")
    part(plannedDeletes, "would be deleted")
    part(accepted, "accepted")
    part(unchanged, "unchanged")
    part(duplicate, "already on the way")
    part(deleted, "deleted")
    part(busy, "skipped (one is open already)")
    for reason in SkipReason.allCases { part(skipped[reason] ?? 0, "skipped (\(reason.words))") }
    part(refused, "refused")
    part(rateLimited, "refused by a rate limit")
    try console.line(parts.isEmpty ? "nothing to submit" : parts.joined(separator: ", "))
    if rateLimited > 1 {
      console.note(
        "submit the same again" + (nextAt.map { " from \($0) on" } ?? "")
          + ": what was accepted is not submitted twice")
    }
    guard !isDryRun, accepted + duplicate + unchanged == 1, let first else { return }
    if let job = first.job {
      try console.line("document \(first.document), revision \(first.revision), job \(job)")
    } else {
      try console.line("document \(first.document), revision \(first.revision)")
    }
  }
}

extension SkipReason {
  /// For people.
  var words: String {
    switch self {
    case .hidden: "hidden"
    case .type: "no workflow reads their type"
    case .excluded: "excluded"
    case .special: "not files"
    case .loop: "seen already"
    }
  }
}
