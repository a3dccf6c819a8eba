package import IngestCore

/// The answer to an approval that a job waits for.
package struct ApprovalRequest: Sendable {
  /// The job's id, or a unique beginning of it.
  package var job: String
  /// The approval's step; nil for the approval that the job waits for now. A named one may be answered early.
  package var step: String?
  package var isApproved: Bool
  package var reason: String?
  /// The person who answers; nil for the caller.
  package var by: String?

  package init(
    job: String, step: String? = nil, isApproved: Bool = true, reason: String? = nil, by: String? = nil
  ) {
    self.job = job
    self.step = step
    self.isApproved = isApproved
    self.reason = reason
    self.by = by
  }

  /// The most characters of ``by`` and ``reason``.
  private static let limits = (by: 128, reason: 4000)

  /// Checks what can be checked without a data folder.
  /// - Throws: `TEXT_TOO_LONG`.
  package func check() throws {
    try Self.check(by, "The name of the person who answers", Self.limits.by)
    try Self.check(reason, "The reason", Self.limits.reason)
  }

  private static func check(_ text: String?, _ name: String, _ limit: Int) throws {
    guard let text, text.unicodeScalars.count > limit else { return }
    throw Failure(
      .permanent, code: "TEXT_TOO_LONG", "\(name) has more than \(limit) characters.",
      hint: "Shorten it, or put the text into a file and name the file.", category: .invalid)
  }
}

extension Operations {
  /// Answers the approval that a job waits for.
  /// - Throws: `TEXT_TOO_LONG`, `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`, `JOB_ENDED`, `APPROVAL_NOT_FOUND`, `APPROVAL_DONE`,
  ///   `APPROVAL_NOT_AWAITED`.
  package func approve(_ request: ApprovalRequest) async throws -> (job: JobID, receipt: SignalReceipt) {
    try request.check()
    let job = try await jobs.resolveJob(request.job)
    let receipt = try await signals.approve(
      job, step: request.step, approved: request.isApproved, reason: request.reason, actor: request.by ?? actorText)
    return (job, receipt)
  }

  /// Sends a signal to a job. The job takes the signal at once if it waits for it. Otherwise the signal is kept.
  /// - Parameter data: JSON of at most ``JobSignal/dataLimit`` bytes.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`, `JOB_ENDED`, `SIGNAL_NAME_INVALID`, `SIGNAL_TOO_LARGE`,
  ///   `SIGNAL_DATA_INVALID`, `SIGNALS_FULL`.
  package func signal(
    _ text: String, name: String, data: String
  ) async throws -> (job: JobID, receipt: SignalReceipt) {
    let job = try await jobs.resolveJob(text)
    return (job, try await signals.signal(job, name: name, data: data, actor: actorText))
  }
}
