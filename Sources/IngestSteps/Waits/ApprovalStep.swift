package import IngestCore

/// The step `approval`: waits until a person approves or rejects, and records who did and why. A rejection makes the
/// job a dead letter.
package struct ApprovalStep: Step {
  package static let declaration = StepKind(
    JobSignal.approvalKind, "Waits for `ingestd job approve` and records who answered, what and why.",
    settings: [
      StepSetting("message", .text(maximum: 1000), "The question to the person."),
      StepSetting("timeout", .aYear, "The longest wait."),
      StepSetting(
        "on-timeout", .choice(["fail", "continue", "reject"]), default: "fail",
        "What happens after the timeout. `continue` completes the step; `reject` fails it as a rejection."),
    ], waits: true)

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    switch input.wake {
    case .signal(StepWait.approval(input.step), let data, let actor, let sentAt)?:
      let answer = try StepJSON.decode(ApprovalAnswer.self, data, what: "answer")
      guard answer.approved else { throw Failure.rejected(input.step, by: actor, answer.reason) }
      var result: [String: JSONValue] = [
        "approved": .bool(true), "by": .text(actor), "at": .text(sentAt.description), "timed_out": .bool(false),
      ]
      result["reason"] = answer.reason.map { .text(String($0.prefix(Self.reasonLimit))) }
      return StepOutput(result: JSONValue.object(result).description)
    case .timedOut?:
      switch input.text("on-timeout") {
      case "continue":
        return StepOutput(
          result: JSONValue.object(["approved": .bool(false), "timed_out": .bool(true)]).description)
      case "reject":
        throw Failure.rejected(input.step, by: nil, "nobody answered in time")
      default:
        throw Failure(
          .permanent, code: "APPROVAL_TIMEOUT", "Nobody answered the approval '\(input.step)' in time.",
          hint: "Ask again with \(Action(.deadRedrive, "JOB")), then answer with \(Action(.jobApprove, "JOB")).")
      }
    case .signal?, .children?, nil:
      let cursor = try WaitCursor(input, timeout: input.duration("timeout"), now: context.clock.now)
      return .waiting(
        for: .signal(StepWait.approval(input.step), until: cursor.until), cursor: try StepJSON.encode(cursor))
    }
  }

  /// The most characters of a reason in the result. The signal keeps the whole reason.
  private static let reasonLimit = 1000
}

extension Failure {
  fileprivate static func rejected(_ step: String, by actor: String?, _ reason: String?) -> Failure {
    Failure(
      .permanent, code: "APPROVAL_REJECTED",
      "The approval '\(step)' was rejected" + (actor.map { " by \($0)" } ?? "") + (reason.map { ": \($0)" } ?? "")
        + ".",
      hint: "Ask again with \(Action(.deadRedrive, "JOB")), or remove the job with \(Action(.deadPurge, "JOB")).")
  }
}
