/// What people send to jobs.
package protocol SignalStore: Sendable {
  /// Sends a signal, which the job takes at once where it waits for one of this name; otherwise it is kept until a step
  /// does. Each send counts: two are two.
  /// - Parameter data: JSON of at most ``JobSignal/dataLimit`` bytes, as ``JobSignal/check(name:data:)`` asks for.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_ENDED`, `SIGNALS_FULL`.
  func signal(_ job: JobID, name: String, data: String, actor: String) async throws -> SignalReceipt
  /// Answers an approval.
  /// - Parameter step: which approval; nil for the one that the job waits for now. A named one may be answered early.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_ENDED`, `APPROVAL_NOT_FOUND`, `APPROVAL_DONE`, `APPROVAL_NOT_AWAITED`.
  func approve(
    _ job: JobID, step: String?, approved: Bool, reason: String?, actor: String
  ) async throws -> SignalReceipt
}

/// What became of a signal.
package struct SignalReceipt: Hashable, Sendable {
  /// Of the job, after it.
  package var state: JobState
  /// Whether the job waited for it; otherwise it is kept.
  package var taken: Bool
  /// The approval's step, or the signal's name.
  package var name: String

  package init(state: JobState, taken: Bool, name: String) {
    self.state = state
    self.taken = taken
    self.name = name
  }
}

/// What people answer to an approval: the data of its signal.
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
  /// Bytes of a signal's JSON.
  package static let dataLimit = 64 * 1024
  /// Signals of one job that nothing has taken yet.
  package static let keptLimit = 1000
  private static let nameLimit = 128
  /// What `uses:` says of a step that people answer.
  package static let approvalKind = "approval"

  /// Whether it is 1 to 128 letters, digits, `.`, `_` and `-`: an approval's own name is none of these.
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

  /// - Throws: `SIGNAL_NAME_INVALID`, `SIGNAL_TOO_LARGE`, `SIGNAL_DATA_INVALID`.
  package static func check(name: String, data: String) throws {
    guard isName(name) else {
      throw Failure(
        .permanent, code: "SIGNAL_NAME_INVALID", "'\(name.prefix(nameLimit))' is no name of a signal.",
        hint: "Use 1 to \(nameLimit) letters, digits, '.', '_' and '-'; approvals have a command of their own.",
        category: .invalid)
    }
    guard data.utf8.count <= dataLimit else {
      throw Failure(
        .permanent, code: "SIGNAL_TOO_LARGE",
        "The signal's data is \(data.utf8.count) bytes; \(dataLimit) is the most.",
        hint: "Put large things into a file and send its path.", category: .refused)
    }
    guard JSONValue(parsing: data) != nil else {
      throw Failure(
        .permanent, code: "SIGNAL_DATA_INVALID", "The signal's data is no JSON.",
        hint: "Text stands in quotes: --data '\"yes\"'; an object is --data '{\"ok\": true}'.", category: .invalid)
    }
  }
}
