import IngestCore
import IngestSteps

/// The outside calls of a user's steps. No program runs and no server is called. A call takes time and fails by the
/// seed, as real ones do, and returns what the workflow's author can rely on least: an empty object.
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
          .transient, code: "SIMULATED_FAILURE", "The outside call of step '\(input.step)' failed.")
      case 2:
        throw Failure(
          .throttled, code: "SIMULATED_THROTTLE",
          "The outside call of step '\(input.step)' was throttled.",
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
