internal import IngestCore

/// A back end on another machine. Each call passes the breaker and the limits of `index:NAME@ENDPOINT`.
///
/// While the breaker is open, calls fail at once with `BREAKER_OPEN`: a job waits and spends no attempt, and a search
/// ends with status 75.
struct GuardedBackend: ForwardingBackend {
  let base: any IndexBackend
  private let call: DependencyCall
  private let gate: CallGate

  init(base: any IndexBackend, endpoint: String, gate: CallGate) {
    self.base = base
    call = DependencyCall(dependency: "index:\(base.name)@\(endpoint)", provider: base.name)
    self.gate = gate
  }

  func around<T>(
    _ name: String, in generation: GenerationName, _ body: () async throws -> T
  ) async throws -> T {
    let permit = try await gate.enter(call)
    do {
      let result = try await body()
      await gate.leave(permit, DependencyCallEnd(outcome: .answered))
      return result
    } catch let error as any FailureConvertible {
      var failure = error.failure
      guard failure.kind == .throttled else {
        await gate.leave(permit, DependencyCallEnd(outcome: BreakerOutcome(failure)))
        throw error
      }
      // The job waits at the gate, together with jobs whose calls were not throttled themselves.
      failure.dependency = call.dependency
      failure.retryAfter = failure.retryAfter ?? CallGate.unsaidWait
      await gate.leave(
        permit,
        DependencyCallEnd(outcome: .silent, advice: ProviderAdvice(retryAfter: failure.retryAfter)))
      throw failure
    } catch {
      // A cancellation says nothing about the server.
      await gate.leave(permit, DependencyCallEnd(outcome: .silent))
      throw error
    }
  }
}
