/// The effect of a signal that was sent to a job.
package enum SignalDecision: Hashable, Sendable {
  /// The signal is kept until a step takes it.
  case keep
  /// The job waits for this signal: the oldest kept signal with this name ends the wait.
  case endWait
  /// The job's wait for this signal has timed out, even if no worker has noticed it yet: the signal is kept.
  case timeOut

  /// A job's wait for a signal.
  package struct Wait: Hashable, Sendable {
    /// Nil for a wait without a time limit.
    package var until: Timestamp?

    package init(until: Timestamp?) {
      self.until = until
    }
  }

  /// - Parameter wait: the job's wait for a signal with this name; nil if it does not wait for one.
  package init(wait: Wait?, now: Timestamp) {
    guard let wait else {
      self = .keep
      return
    }
    self = wait.until.map { $0 <= now } ?? false ? .timeOut : .endWait
  }
}

/// The approval that a person answers.
package enum ApprovalChoice: Hashable, Sendable {
  /// The approval that the job waits for.
  case awaited(String)
  /// A named approval, before the job asks for it; see ``refusal(ofEarly:job:approvals:isAnswered:)``.
  case early(String)
  /// The job waits for no approval, and none was named.
  case none

  /// - Parameters:
  ///   - step: the step of the named approval; nil if none was named.
  ///   - signal: the name of the signal that the job waits for.
  package init(step: String?, awaiting signal: String?) {
    let prefix = StepWait.approval("")
    let awaited = signal.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
    if let awaited, step == nil || step == awaited {
      self = .awaited(awaited)
    } else {
      self = step.map(Self.early) ?? .none
    }
  }
}

extension ApprovalChoice {
  /// Returns why a named approval cannot be answered early; nil if it can.
  /// - Parameters:
  ///   - approvals: all approvals of the workflow.
  ///   - isAnswered: whether its step is done, or an answer is kept or was just taken.
  package static func refusal(
    ofEarly step: String, job id: String, approvals: [String], isAnswered: Bool
  ) -> Failure? {
    guard approvals.contains(step) else {
      return Failure(
        .permanent, code: "APPROVAL_NOT_FOUND", "The workflow of job \(id) has no approval '\(step)'.",
        hint: approvals.isEmpty ? "None of its steps is an approval." : "It has \(approvals.joined(separator: ", ")).",
        category: .notFound)
    }
    guard isAnswered else { return nil }
    return Failure(
      .permanent, code: "APPROVAL_DONE", "Step '\(step)' of job \(id) has been answered already.",
      hint: "\(Action(.jobShow, "\(id)")) shows the answer.", category: .refused)
  }

  package static func notAwaited(job id: String, _ state: JobState) -> Failure {
    Failure(
      .permanent, code: "APPROVAL_NOT_AWAITED", "Job \(id) waits for no approval: it is \(state.rawValue).",
      hint: "Name the step with \(option: "step") to answer before it is asked; see \(Action(.jobShow, "\(id)")).",
      category: .refused)
  }
}

extension WorkflowDefinition {
  /// The steps that people answer.
  package var approvals: [String] {
    (steps + [onFailure].compactMap(\.self)).filter { $0.uses == JobSignal.approvalKind }.map(\.id)
  }
}
