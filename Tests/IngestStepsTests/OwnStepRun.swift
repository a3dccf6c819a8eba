import Foundation
import IngestCore
import IngestSteps
import IngestTestKit
import Synchronization
import Testing

/// Runs one of the user's own steps as the runner does, and keeps what the step saves.
final class OwnStepRun: Sendable {
  private let fixture: StepFixture
  private let state = Mutex<[StepSave]>([])
  let job: ClaimedJob

  /// Submits the text as a document and claims its job.
  init(
    _ text: String = "the content", environment: [String: String] = ["PATH": "/usr/bin:/bin"],
    gate: (any DependencyGate)? = nil
  )
    async throws
  {
    fixture = try await StepFixture(environment: environment, gate: gate)
    try await fixture.submit("/srv/a.txt", text)
    job = try await fixture.claim()
  }

  var saves: [StepSave] { state.withLock { $0 } }
  var log: [String] { saves.flatMap(\.log) }
  var clock: ManualClock { fixture.base.clock }

  func run(
    _ kind: String, _ with: [String: Setting], results: [String: String] = [:], cursor: String? = nil,
    failure: Failure? = nil, attempt: Int = 1
  ) async throws -> JSONValue {
    let step = try #require(fixture.services.steps.first { type(of: $0).kind == kind })
    let context = StepContext(clock: fixture.base.clock) { [self] save in state.withLock { $0.append(save) } }
    let input = StepInput(
      job: job.lease.job, step: "mine", with: with, task: job.task, resultsByID: results, cursor: cursor,
      failure: failure, attempt: attempt)
    let output = try await step.run(input, context)
    return try #require(JSONValue(parsing: output.result))
  }

  func exec(_ command: String..., with: [String: Setting] = [:], cursor: String? = nil) async throws -> JSONValue {
    var with = with
    with["command"] = .list(command.map { .text($0) })
    return try await run("exec", with, cursor: cursor)
  }

  /// Returns the failure that a shell script ends with.
  func failure(_ script: String, with: [String: Setting] = [:]) async throws -> Failure {
    var found: Failure?
    do { _ = try await exec("sh", "-c", script, with: with) } catch { found = Failure(error) }
    return try #require(found, "the script did not fail")
  }
}

extension JSONValue {
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
