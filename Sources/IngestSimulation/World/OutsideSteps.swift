import IngestCore
import IngestSteps

/// What a user's steps would ask of the outside: no program is run and no server is called. It takes its time and fails as
/// such things do, by the seed, and answers with what the workflow's author can rely on least: an empty object.
private struct Outside {
  unowned let host: WorkerHost

  func ask(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let (world, random) = (host.world, host.world.faults)
    try await host.pass("before asking outside for \(input.step)")
    try await context.clock.sleep(for: random.time(.milliseconds(5)...(.milliseconds(400))))
    if world.isStormy, world.plan.has(.providerFailures) {
      switch random.pick(20) {
      case 0, 1:
        throw Failure(
          .transient, code: "SIMULATED_FAILURE", "What step '\(input.step)' asked failed.")
      case 2:
        throw Failure(
          .throttled, code: "SIMULATED_THROTTLE",
          "What step '\(input.step)' asked wants to be left alone.",
          retryAfter: .seconds(random.pick(1...5)))
      case 3: try await context.clock.sleep(for: .seconds(random.pick(5...40)))
      default: break
      }
    }
    try await context.save(
      StepSave(
        progress: StepProgress(done: 1, total: 1, unit: "calls"),
        log: ["answered by the simulation"]))
    try await host.pass("after asking outside for \(input.step)")
    return StepOutput(result: "{}")
  }
}

/// `exec`, without a program.
struct SimulatedExecStep: Step {
  static let declaration = ExecStep.declaration
  unowned let host: WorkerHost

  func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    try await Outside(host: host).ask(input, context)
  }
}

/// `http`, without a server.
struct SimulatedHTTPStep: Step {
  static let declaration = HTTPStep.declaration
  unowned let host: WorkerHost

  func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    try await Outside(host: host).ask(input, context)
  }
}
