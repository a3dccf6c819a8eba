package import IngestConfig
package import IngestCore
package import IngestEngine
internal import Synchronization

/// What a worker says on standard error, in the configured format and from the configured level on, and its count of what became of the jobs.
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
  private let settings: Configuration.Log
  private let clock: any TimeSource
  private static let pause: Int64 = 10_000_000

  package init(_ settings: Configuration.Log = Configuration.Log(), clock: any TimeSource) {
    self.settings = settings
    self.clock = clock
  }

  /// The event as it is written; nil for what is below the level, or not worth a line.
  package func line(_ event: WorkerEvent) -> String? { said(event).flatMap { written($0, $1) } }

  /// What ended while the worker ran; nil when nothing did.
  package var summary: String? { counts.flatMap { written(.info, $0) } }

  /// One line of JSON with its time, or the text alone.
  private func written(_ level: Configuration.Log.Level, _ text: String) -> String? {
    let levels = Configuration.Log.Level.allCases
    guard let place = levels.firstIndex(of: level), let last = levels.firstIndex(of: settings.level), place <= last
    else { return nil }
    return switch settings.format {
    case .text: text
    case .json: try? JSONText.encode(Line(time: clock.now.description, level: level.rawValue, message: text))
    }
  }

  private struct Line: Encodable {
    var time: String
    var level: String
    var message: String
  }

  private var counts: String? {
    let (completed, dead) = state.withLock { ($0.completed, $0.dead) }
    guard completed + dead > 0 else { return nil }
    let deaths = dead > 0 ? ", \(DecimalText.grouped(dead)) dead: `ingestd dead list` shows them" : ""
    return "\(DecimalText.grouped(completed)) completed\(deaths)"
  }

  private func said(_ event: WorkerEvent) -> (Configuration.Log.Level, String)? {
    switch event {
    case .started(let id): (.info, "worker \(id) started")
    case .claimed(let jobs): (.debug, "claimed \(DecimalText.count(jobs, "job"))")
    case .ended(let job, let outcome): said(job, outcome)
    case .storeFailed(let failure): (.error, "the store failed, trying again: \(FailureText.brief(failure))")
    case .stepLeftBehind(let job, let step):
      (.warning, "job \(job): step '\(step)' did not stop when told to; the job goes on without it")
    case .outcomeLost(let job, let failure):
      (.error, "job \(job): its end could not be stored (\(failure.code)); it is tried again when its lease ends")
    case .leaseLost(let job): (.warning, "job \(job): another worker has it now")
    case .peerDied(let id, let jobs):
      (.warning, "worker \(id) died; \(DecimalText.count(jobs, "job")) of its went back to the queue")
    case .scheduleFired(let name, let fired): said(name, fired)
    case .maintenanceFailed(let failure): (.error, "housekeeping failed: \(FailureText.brief(failure))")
    }
  }

  private func said(_ schedule: String, _ fired: ScheduleFired) -> (Configuration.Log.Level, String)? {
    if let failure = fired.failure {
      guard untold("schedule \(schedule) \(failure.code)") != nil else { return nil }
      return (.error, "schedule \(schedule): nothing was started: \(FailureText.brief(failure))")
    }
    return (.debug, "schedule \(schedule) started \(fired.started.map(\.rawValue).joined(separator: ", "))")
  }

  private func said(_ job: JobID, _ outcome: JobOutcome) -> (Configuration.Log.Level, String)? {
    switch outcome {
    case .completed:
      state.withLock { $0.completed += 1 }
      return (.debug, "job \(job) completed")
    case .dead(let attempt):
      state.withLock { $0.dead += 1 }
      return (.error, "job \(job) died: \(FailureText.brief(attempt.failure))")
    case .retry(let attempt, let wait, _, _):
      let failure = attempt.failure
      guard let untold = untold(failure.code) else { return nil }
      let others = untold > 0 ? "; \(DecimalText.count(untold, "failure")) like it in between" : ""
      let next = "the next try is in \(DurationText.text(wait))"
      return (.warning, "job \(job): \(FailureText.brief(failure)); \(next)\(others)")
    case .cancelled: return (.debug, "job \(job) was cancelled")
    case .released, .parked, .waits, .gathers: return nil
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
