import IngestCore
import IngestEngine
import IngestTestKit
import Synchronization

/// The inputs that steps were given, in order.
final class Inputs: Sendable {
  private let state = Mutex<[StepInput]>([])
  var all: [StepInput] { state.withLock { $0 } }
  func add(_ input: StepInput) { state.withLock { $0.append(input) } }
}

/// The highest number of steps that ran at once.
final class Peak: Sendable {
  private let state = Mutex((now: 0, most: 0))
  var most: Int { state.withLock { $0.most } }
  func begin() {
    state.withLock { state in
      state.now += 1
      state.most = max(state.most, state.now)
    }
  }
  func end() { state.withLock { $0.now -= 1 } }
}

/// A scripted step that sees all of its input.
private struct InputStep: Step {
  static let declaration = ScriptedStep.declaration
  let inputs: Inputs
  let behaviour: @Sendable (StepInput, StepContext) async throws -> StepOutput

  func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    inputs.add(input)
    return try await behaviour(input, context)
  }
}

extension EngineFixture {
  func worker(
    _ name: String = "worker", options: WorkerOptions = options(), inputs: Inputs,
    _ behaviour: @escaping @Sendable (StepInput, StepContext) async throws -> StepOutput
  ) -> Worker {
    let runner = WorkflowRunner(
      store: store.store, registry: StepRegistry([InputStep(inputs: inputs, behaviour: behaviour)]), clock: clock,
      random: SystemRandom())
    return Worker(
      registration: registration(name), store: store.store, runner: runner, surroundings: surroundings, clock: clock,
      options: options
    ) { [events] event in events.add(event) }
  }
}
