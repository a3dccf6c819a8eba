package import IngestCore

/// `approval`: waits until a person says yes or no, and keeps who did and why. A no ends the job as a dead letter.
package struct ApprovalStep: Step {
  package static let declaration = StepKind(
    JobSignal.approvalKind, "Waits for `ingestd job approve`, and keeps who said what and why.",
    settings: [
      StepSetting("message", .text(maximum: 1000), "What the person is asked."),
      StepSetting("timeout", .aYear, "How long; for ever by default."),
      StepSetting("on-timeout", .choice(["fail", "continue", "reject"]), "What then; `fail` by default."),
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
          hint: "\(Action(.deadRedrive, "JOB")) asks anew; answer with \(Action(.jobApprove, "JOB")).")
      }
    case .signal?, .children?, nil:
      let cursor = try WaitCursor(input, timeout: input.duration("timeout"), now: context.clock.now)
      return .waiting(
        for: .signal(StepWait.approval(input.step), until: cursor.until), cursor: try StepJSON.encode(cursor))
    }
  }

  /// Characters of a reason in the result; the signal keeps the whole.
  private static let reasonLimit = 1000
}

extension Failure {
  fileprivate static func rejected(_ step: String, by actor: String?, _ reason: String?) -> Failure {
    Failure(
      .permanent, code: "APPROVAL_REJECTED",
      "The approval '\(step)' was refused" + (actor.map { " by \($0)" } ?? "") + (reason.map { ": \($0)" } ?? "")
        + ".", hint: "\(Action(.deadRedrive, "JOB")) asks again; \(Action(.deadPurge, "JOB")) forgets it.")
  }
}
