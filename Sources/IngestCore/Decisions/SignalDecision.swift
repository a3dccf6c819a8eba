/// What a signal does that was sent to a job.
package enum SignalDecision: Hashable, Sendable {
  /// It is kept until a step takes it.
  case keep
  /// The job waits for it: the oldest kept one of its name ends the wait.
  case endWait
  /// The job waited for it, and the wait's time is over, however late the workers are to see that: it is kept.
  case timeOut

  /// A job's wait for a signal.
  package struct Wait: Hashable, Sendable {
    /// Nil for a wait without an end.
    package var until: Timestamp?

    package init(until: Timestamp?) {
      self.until = until
    }
  }

  /// - Parameter wait: the job's wait for a signal of this name; nil where it waits for none.
  package init(wait: Wait?, now: Timestamp) {
    guard let wait else {
      self = .keep
      return
    }
    self = wait.until.map { $0 <= now } ?? false ? .timeOut : .endWait
  }
}

/// Which approval a person answers.
package enum ApprovalChoice: Hashable, Sendable {
  /// The one that the job waits for.
  case awaited(String)
  /// A named one, before the job asks for it; see ``refusal(ofEarly:job:approvals:isAnswered:)``.
  case early(String)
  /// The job waits for none, and none was named.
  case none

  /// - Parameters:
  ///   - step: the one that was named.
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
  /// Why a named approval cannot be answered early; nil where it can.
  /// - Parameters:
  ///   - approvals: all of the workflow.
  ///   - isAnswered: whether its step is done, or an answer to it is kept or has just been taken.
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
