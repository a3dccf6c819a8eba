import IngestCore
import IngestIntake

/// The counts of a submission.
struct SubmissionSummary {
  var accepted = 0
  var unchanged = 0
  var duplicate = 0
  var planned = 0
  var refused = 0
  var skipped: [SkipReason: Int] = [:]
  /// Those to wait for: the live generation's jobs.
  var jobs: [JobID] = []
  private var first: SubmitReceipt?

  /// Everything was passed over: nobody submits a folder for that.
  var foundNothing: Bool { accepted + unchanged + duplicate + planned + refused == 0 }

  mutating func add(_ line: SubmissionLine, _ console: Console) throws {
    switch line.outcome {
    case .answered(let receipt):
      switch receipt.outcome {
      case .accepted: accepted += 1
      case .unchanged: unchanged += 1
      case .duplicate: duplicate += 1
      }
      if let job = receipt.job { jobs.append(job) }
      if first == nil { first = receipt }
    case .planned:
      planned += 1
      try console.line(line.uri.visible)
    case .skipped(let reason): skipped[reason, default: 0] += 1
    case .refused(let failure):
      refused += 1
      if !console.isJSON { try console.report(failure) }
    }
    try console.json(line)
  }

  func print(_ console: Console, isDryRun: Bool) throws {
    var parts: [String] = []
    func part(_ count: Int, _ text: String) {
      if count > 0 { parts.append("\(DecimalText.grouped(count)) \(text)") }
    }
    part(planned, "would be submitted")
    part(accepted, "accepted")
    part(unchanged, "unchanged")
    part(duplicate, "already on the way")
    for reason in SkipReason.allCases { part(skipped[reason] ?? 0, "skipped (\(reason.words))") }
    part(refused, "refused")
    try console.line(parts.isEmpty ? "nothing to submit" : parts.joined(separator: ", "))
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
