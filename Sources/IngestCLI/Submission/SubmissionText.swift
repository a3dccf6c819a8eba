import IngestAPI
import IngestCore
import IngestIntake
import IngestOperations

/// The text about the items of a submission and their counts.
struct SubmissionText {
  let console: Console
  private var rateLimited = 0

  init(_ console: Console) { self.console = console }

  mutating func show(_ lines: [SubmissionLine]) throws {
    for line in lines { try show(line) }
  }

  private mutating func show(_ line: SubmissionLine) throws {
    switch line.outcome {
    case .answered(let receipt) where receipt.outcome == .skipped:
      try console.line(
        "\(line.uri.visible) is skipped: job \(receipt.job.map(\.rawValue) ?? "") is open for the same key")
    case .planned: try console.line(line.uri.visible)
    case .vanished(nil): try console.line("\(line.uri.visible) (would be deleted)")
    case .refused(let failure) where failure.isRateLimit:
      rateLimited += 1
      // One message is enough for all files of a folder.
      if rateLimited == 1, !console.isJSON { try console.report(failure) }
    case .refused(let failure):
      if !console.isJSON { try console.report(failure) }
    case .answered, .vanished, .skipped: break
    }
    try console.json(SubmitResponse(line))
  }

  func show(_ tally: SubmissionTally, isDryRun: Bool) throws {
    if console.isJSON { return }
    var parts: [String] = []
    func part(_ count: Int, _ text: String) {
      if count > 0 { parts.append("\(DecimalText.grouped(count)) \(text)") }
    }
    part(tally.planned, "would be submitted")
    if isDryRun { part(tally.deleted, "would be deleted") }
    part(tally.accepted, "accepted")
    part(tally.unchanged, "unchanged")
    part(tally.duplicate, "already under way")
    if !isDryRun { part(tally.deleted, "deleted") }
    part(tally.busy, "skipped (a job is open)")
    for reason in SkipReason.allCases { part(tally.skipReasons[reason] ?? 0, "skipped (\(reason.words))") }
    part(tally.refused - tally.rateLimited, "refused")
    part(tally.rateLimited, "refused by a rate limit")
    try console.line(parts.isEmpty ? "nothing to submit" : parts.joined(separator: ", "))
    if tally.rateLimited > 1 {
      console.note(
        "submit the same again" + (tally.nextAt.map { " from \($0) on" } ?? "")
          + ": accepted documents are not submitted twice")
    }
    guard !isDryRun, tally.accepted + tally.duplicate + tally.unchanged == 1, let first = tally.first else { return }
    let job = first.job.map { ", job \($0)" } ?? ""
    try console.line("document \(first.document), revision \(first.revision)\(job)")
  }
}

extension SkipReason {
  /// The reason in words.
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
