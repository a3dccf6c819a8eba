package import IngestCore
private import Synchronization

/// A step that does what a test says and records each run.
package struct ScriptedStep: Step {
  package static let declaration = StepKind("scripted", "Does what a test says.")

  /// One run of the step.
  package struct Call: Hashable, Sendable {
    /// The setting `name` of the step.
    package var name: String
    package var attempt: Int
    package var cursor: String?
    package var job: JobID
  }

  /// The runs in order.
  package final class Log: Sendable {
    private let state = Mutex<[Call]>([])
    package init() {}
    package var calls: [Call] { state.withLock { $0 } }
    package var names: [String] { calls.map(\.name) }
    fileprivate func add(_ call: Call) { state.withLock { $0.append(call) } }
  }

  private let log: Log
  private let behaviour: @Sendable (Call, StepContext) async throws -> StepOutput

  package init(
    log: Log, _ behaviour: @escaping @Sendable (Call, StepContext) async throws -> StepOutput = { _, _ in StepOutput() }
  ) {
    self.log = log
    self.behaviour = behaviour
  }

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let name = if case .text(let text)? = input.with["name"] { text } else { "" }
    let call = Call(name: name, attempt: input.attempt, cursor: input.cursor, job: input.job)
    log.add(call)
    return try await behaviour(call, context)
  }

  /// Returns a step definition of this kind for a workflow.
  package static func definition(
    _ name: String, retry: RetryPolicy = RetryPolicy(jitter: .none), timeout: Duration = .seconds(600)
  ) -> StepDefinition {
    StepDefinition(id: name, uses: kind, with: ["name": .text(name)], retry: retry, timeout: timeout)
  }
}

/// A gate at which steps wait until the test opens it. It ignores cancellation, and so do the steps that wait here.
package final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  package init() {}

  package func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  package func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
