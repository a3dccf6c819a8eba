package import IngestCore

/// The counts of a submission or a scan. A scan stores them in its cursor and in its result.
package struct SubmissionTally: Codable, Hashable, Sendable {
  package private(set) var accepted = 0
  package private(set) var unchanged = 0
  package private(set) var duplicate = 0
  /// Files that a dry run would submit.
  package private(set) var planned = 0
  /// Skipped files, including the ``busy`` ones.
  package private(set) var skipped = 0
  /// Refused files, including the ``rateLimited`` ones.
  package private(set) var refused = 0
  /// Documents whose file vanished. A dry run does not delete them.
  package private(set) var deleted = 0
  /// The first few failures of refused files.
  package private(set) var failures: [String] = []

  // The fields below are not stored.

  /// Files that were skipped because their singleton has an open job. A later submit can accept them.
  package private(set) var busy = 0
  package private(set) var skipReasons: [SkipReason: Int] = [:]
  package private(set) var rateLimited = 0
  /// The earliest time at which a file that a rate limit refused can be accepted.
  package private(set) var nextAt: Timestamp?
  /// The first document that was not skipped.
  package private(set) var first: SubmitReceipt?

  private enum CodingKeys: String, CodingKey {
    case accepted, unchanged, duplicate, planned, skipped, refused, deleted, failures
  }

  private static let failuresKept = 5

  package init() {}

  /// Whether every file was skipped. The person who named the folder expected documents in it.
  package var foundNothing: Bool {
    accepted + unchanged + duplicate + busy + planned + deleted + refused == 0
  }

  /// Why a part of the submission was refused; nil if nothing was. A rate limit counts only if there is no other
  /// reason.
  package var refusal: Failure.Category? {
    if refused > rateLimited { return .failed }
    return rateLimited > 0 ? .refused : nil
  }

  package mutating func note(_ line: SubmissionLine) {
    switch line.outcome {
    case .answered(let receipt): note(receipt)
    case .planned: planned += 1
    case .vanished: deleted += 1
    case .skipped(let reason):
      skipped += 1
      skipReasons[reason, default: 0] += 1
    case .refused(let failure):
      refused += 1
      if failure.isRateLimit {
        rateLimited += 1
        nextAt = [nextAt, line.nextAt].compactMap { $0 }.min()
      }
      if failures.count < Self.failuresKept {
        failures.append("\(failure.code): \(failure.message)".start(scalars: 400))
      }
    }
  }

  private mutating func note(_ receipt: SubmitReceipt) {
    switch receipt.outcome {
    case .accepted: accepted += 1
    case .unchanged: unchanged += 1
    case .duplicate: duplicate += 1
    case .skipped:
      skipped += 1
      busy += 1
      return
    }
    if first == nil { first = receipt }
  }
}
