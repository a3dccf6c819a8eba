package import IngestCore
package import IngestEngine
internal import Synchronization

/// What a worker says on standard error, and its count of what became of the jobs.
///
/// Each death is told. Of failures that are tried again, one a code is told every ten seconds, or a server that is down
/// would bring a line for each of thousands of jobs.
package final class WorkerLog: Sendable {
  private struct State {
    var completed = 0
    var dead = 0
    /// When a retry of this code was told last, and how many were not told since.
    var retries: [String: (told: Int64, untold: Int)] = [:]
  }

  private let state = Mutex(State())
  private let clock: any TimeSource
  private static let pause: Int64 = 10_000_000

  package init(clock: any TimeSource) {
    self.clock = clock
  }

  /// What ended while the worker ran; nil when nothing did.
  package var summary: String? {
    let (completed, dead) = state.withLock { ($0.completed, $0.dead) }
    guard completed + dead > 0 else { return nil }
    let deaths = dead > 0 ? ", \(DecimalText.grouped(dead)) dead: `ingestd dead list` shows them" : ""
    return "\(DecimalText.grouped(completed)) completed\(deaths)"
  }

  /// None for what is not worth one.
  package func lines(_ event: WorkerEvent) -> [String] {
    switch event {
    case .started(let id): ["worker \(id) started"]
    case .claimed: []
    case .ended(let job, let outcome): ended(job, outcome)
    case .storeFailed(let failure): ["the store failed, trying again: \(FailureText.brief(failure))"]
    case .stepLeftBehind(let job, let step):
      ["job \(job): step '\(step)' did not stop when told to; the job goes on without it"]
    case .outcomeLost(let job, let failure):
      ["job \(job): its end could not be stored (\(failure.code)); it is tried again when its lease ends"]
    case .leaseLost(let job): ["job \(job): another worker has it now"]
    case .peerDied(let id, let jobs):
      ["worker \(id) died; \(DecimalText.count(jobs, "job")) of its went back to the queue"]
    case .maintenanceFailed(let failure): ["housekeeping failed: \(FailureText.brief(failure))"]
    }
  }

  private func ended(_ job: JobID, _ outcome: JobOutcome) -> [String] {
    switch outcome {
    case .completed:
      state.withLock { $0.completed += 1 }
      return []
    case .dead(let attempt):
      state.withLock { $0.dead += 1 }
      return ["job \(job) died: \(FailureText.brief(attempt.failure))"]
    case .retry(let attempt, let wait, _, _):
      let failure = attempt.failure
      guard let untold = untold(failure.code) else { return [] }
      let others = untold > 0 ? "; \(DecimalText.count(untold, "failure")) like it in between" : ""
      let next = "the next try is in \(DurationText.text(wait))"
      return ["job \(job): \(FailureText.brief(failure)); \(next)\(others)"]
    case .cancelled, .released, .waiting: return []
    }
  }

  /// How many of this code were kept back before this one, or nil when this one is to be kept back too.
  private func untold(_ code: String) -> Int? {
    let now = clock.uptime
    return state.withLock { state in
      if let last = state.retries[code], now - last.told < Self.pause {
        state.retries[code] = (last.told, last.untold + 1)
        return nil
      }
      return state.retries.updateValue((now, 0), forKey: code)?.untold ?? 0
    }
  }
}
