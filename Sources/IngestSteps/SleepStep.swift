package import IngestCore

/// `sleep`: waits for a time to pass, or to come; meanwhile its job holds nothing.
package struct SleepStep: Step {
  package static let declaration = StepKind(
    "sleep", "Waits for a time to pass or to come.",
    settings: [
      StepSetting("for", .aYear, "How long, from the step's first start."),
      StepSetting("until", .time, "Until when."),
    ], exactlyOne: [["for", "until"]], waits: true)

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let now = context.clock.now
    let cursor: WaitCursor
    if input.cursor != nil || input.with["for"] != nil {
      cursor = try WaitCursor(input, timeout: try input.required("for", input.duration("for") ?? .zero), now: now)
    } else {
      cursor = WaitCursor(until: try input.required("until", input.text("until").flatMap(Timestamp.init)))
    }
    guard let until = cursor.until, until > now else {
      return StepOutput(result: JSONValue.object(["until": .text((cursor.until ?? now).description)]).description)
    }
    // Woken before its time, by `job retry` say, it sleeps on.
    return .waiting(for: .until(until), cursor: try StepJSON.encode(cursor))
  }
}
