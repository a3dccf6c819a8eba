package import IngestCore

/// The step `sleep`: waits for a duration or until a time. The waiting job holds no worker and no limit.
package struct SleepStep: Step {
  package static let declaration = StepKind(
    "sleep", "Waits for a duration or until a time.",
    settings: [
      StepSetting("for", .aYear, "The duration of the wait, from the step's first start."),
      StepSetting("until", .time, "The time at which the wait ends."),
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
    // The step waits again if it was woken too early, for example by `job retry`.
    return .waiting(for: .until(until), cursor: try StepJSON.encode(cursor))
  }
}
