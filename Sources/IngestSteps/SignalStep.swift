package import IngestCore

/// `wait-for-signal`: waits until somebody sends the job a signal of this name, and leaves what came with it.
package struct SignalStep: Step {
  package static let declaration = StepKind(
    "wait-for-signal", "Waits for `ingestd job signal JOB NAME`; one that was sent early is kept for it.",
    settings: [
      StepSetting("name", .name, isRequired: true, "What the signal is called."),
      StepSetting("timeout", .aYear, "How long; for ever by default."),
      StepSetting("on-timeout", .choice(["fail", "continue"]), "What then; `fail` by default."),
    ], waits: true)
  let services: StepServices
  /// Bytes of data that stand in the result itself, for conditions to read; more goes to a blob.
  private static let inlineData = 6 * 1024

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let name = try input.required("name", input.text("name"))
    switch input.wake {
    case .signal(name, let data, let actor, let sentAt)?:
      return try await output(name, data: data, actor: actor, sentAt: sentAt)
    case .timedOut?:
      guard input.text("on-timeout") == "continue" else {
        throw Failure(
          .permanent, code: "SIGNAL_TIMEOUT", "The signal '\(name)' did not come in time.",
          hint:
            "Send it with \(Action(.jobSignal, "JOB", name)) after \(Action(.deadRedrive, "JOB")), which waits anew.")
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
