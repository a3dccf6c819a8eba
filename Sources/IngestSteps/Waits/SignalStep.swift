package import IngestCore

/// The step `wait-for-signal`: waits until somebody sends the job a signal with this name. Its result has the signal's
/// data.
package struct SignalStep: Step {
  package static let declaration = StepKind(
    "wait-for-signal", "Waits for `ingestd job signal JOB NAME`. A signal that was sent earlier counts too.",
    settings: [
      StepSetting("name", .name, isRequired: true, "The signal's name."),
      StepSetting("timeout", .aYear, "The longest wait."),
      StepSetting("on-timeout", .choice(["fail", "continue"]), default: "fail", "What happens after the timeout."),
    ], waits: true)
  let services: StepServices
  /// The most bytes of data in the result itself, where conditions can read them. Larger data goes to a blob.
  private static let inlineData = 6 * 1024

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let name = try input.required("name", input.text("name"))
    switch input.wake {
    case .signal(name, let data, let actor, let sentAt)?:
      return try await output(name, data: data, actor: actor, sentAt: sentAt)
    case .timedOut?:
      guard input.text("on-timeout") == "continue" else {
        throw Failure(
          .permanent, code: "SIGNAL_TIMEOUT", "The signal '\(name)' did not arrive in time.",
          hint:
            "Wait again with \(Action(.deadRedrive, "JOB")), then send it with \(Action(.jobSignal, "JOB", name)).")
      }
      return StepOutput(
        result: JSONValue.object(["signal": .text(name), "timed_out": .bool(true)]).description)
    case .signal?, .children?, nil:
      let cursor = try WaitCursor(input, timeout: input.duration("timeout"), now: context.clock.now)
      return .waiting(for: .signal(name, until: cursor.until), cursor: try StepJSON.encode(cursor))
    }
  }

  private func output(_ name: String, data: String, actor: String, sentAt: Timestamp) async throws -> StepOutput {
    var result: [String: JSONValue] = [
      "signal": .text(name), "actor": .text(actor), "sent_at": .text(sentAt.description), "timed_out": .bool(false),
    ]
    guard data.utf8.count > Self.inlineData else {
      result["data"] = JSONValue(parsing: data) ?? .null
      let text = JSONValue.object(result).description
      if text.utf8.count <= StepOutput.resultLimit { return StepOutput(result: text) }
      result["data"] = nil
      return try await output(result, data: data)
    }
    return try await output(result, data: data)
  }

  private func output(_ result: [String: JSONValue], data: String) async throws -> StepOutput {
    var result = result
    let hash = try await services.blobs.put(Array(data.utf8))
    result["data_blob"] = .text(hash.rawValue)
    return StepOutput(result: JSONValue.object(result).description, references: [hash])
  }
}
