/// The store operations that send signals and approvals to jobs.
package protocol SignalStore: Sendable {
  /// Sends a signal. A job that waits for this name takes it at once; otherwise the store keeps it until a step waits
  /// for it. Each send counts: two sends are two signals.
  /// - Parameter data: JSON of at most ``JobSignal/dataLimit`` bytes that has passed ``JobSignal/check(name:data:)``.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_ENDED`, `SIGNALS_FULL`.
  func signal(_ job: JobID, name: String, data: String, actor: String) async throws -> SignalReceipt
  /// Answers an approval.
  /// - Parameter step: the approval's step; nil for the one that the job waits for now. A named one may be answered
  /// early.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_ENDED`, `APPROVAL_NOT_FOUND`, `APPROVAL_DONE`, `APPROVAL_NOT_AWAITED`.
  func approve(
    _ job: JobID, step: String?, approved: Bool, reason: String?, actor: String
  ) async throws -> SignalReceipt
}

/// The result of a signal.
package struct SignalReceipt: Hashable, Sendable {
  /// The job's state after the signal.
  package var state: JobState
  /// Whether the job waited for the signal; otherwise the store keeps it.
  package var taken: Bool
  /// The approval's step, or the signal's name.
  package var name: String

  package init(state: JobState, taken: Bool, name: String) {
    self.state = state
    self.taken = taken
    self.name = name
  }
}

/// A person's answer to an approval, sent as the data of its signal.
package struct ApprovalAnswer: Codable, Hashable, Sendable {
  package var approved: Bool
  package var reason: String?

  package init(approved: Bool, reason: String? = nil) {
    self.approved = approved
    self.reason = reason
  }
}

/// The rules of signals.
package enum JobSignal {
  /// The largest JSON of a signal, in bytes.
  package static let dataLimit = 64 * 1024
  /// The largest number of kept signals that no step of the job has taken.
  package static let keptLimit = 1000
  private static let nameLimit = 128
  /// The step kind (`uses:`) that waits for a person's approval.
  package static let approvalKind = "approval"

  /// Returns whether the text is 1 to 128 letters, digits, `.`, `_` and `-`. An approval's own signal name contains
  /// another character, so no sent signal can pass for one.
  package static func isName(_ text: String) -> Bool {
    (1...nameLimit).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// Checks a signal before it is sent.
  /// - Throws: `SIGNAL_NAME_INVALID`, `SIGNAL_TOO_LARGE`, `SIGNAL_DATA_INVALID`.
  package static func check(name: String, data: String) throws {
    guard isName(name) else {
      throw Failure(
        .permanent, code: "SIGNAL_NAME_INVALID", "'\(name.prefix(nameLimit))' is not a valid signal name.",
        hint: "Use 1 to \(nameLimit) letters, digits, '.', '_' and '-'. Approvals have their own command.",
        category: .invalid)
    }
    guard data.utf8.count <= dataLimit else {
      throw Failure(
        .permanent, code: "SIGNAL_TOO_LARGE",
        "The signal's data has \(data.utf8.count) bytes; the limit is \(dataLimit).",
        hint: "Put large things into a file and send its path.", category: .refused)
    }
    guard JSONValue(parsing: data) != nil else {
      throw Failure(
        .permanent, code: "SIGNAL_DATA_INVALID", "The signal's data is not valid JSON.",
        hint: "Put text in quotes: '\"yes\"'. An object: '{\"ok\": true}'.", category: .invalid)
    }
  }
}
