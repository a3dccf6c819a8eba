package import IngestConfig
package import IngestCore
package import IngestEngine
internal import Synchronization

/// How the lines of a worker's log are written.
package enum LogFormat: String, Hashable, Sendable {
  /// The message alone.
  case text
  /// One JSON object a line, with time and level.
  case json
}

/// One entry of a worker's log. A front door renders it.
package struct WorkerLogEntry: Hashable, Sendable {
  package var time: Timestamp
  /// `error`, `warning`, `info` or `debug`.
  package var level: String
  /// A text, with the actions that it names.
  package var message: Hint
}

/// Decides which events of a worker are logged, and counts the worker's completed and dead jobs.
///
/// Each dead job is logged. Failures that are retried are logged once per error code in ten seconds: a server that is down
/// would otherwise write a line for each of thousands of jobs.
package final class WorkerLog: Sendable {
  private struct State {
    var completed = 0
    var dead = 0
    /// By error code: when a retry was last logged, and how many were left out since.
    var retries: [String: (loggedAt: Int64, leftOut: Int)] = [:]
  }

  private let state = Mutex(State())
  private let level: Configuration.Log.Level
  private let clock: any TimeSource
  /// Microseconds between two entries about retries of one error code.
  private static let pause: Int64 = 10_000_000

  /// - Parameter level: the least important level that is logged.
  package init(_ level: Configuration.Log.Level = .info, clock: any TimeSource) {
    self.level = level
    self.clock = clock
  }

  /// The entry for an event; nil for an event that is below the level or that is left out.
  package func entry(_ event: WorkerEvent) -> WorkerLogEntry? {
    message(of: event).flatMap { entry($0, $1) }
  }

  /// How many jobs ended while the worker ran; nil if none did.
  package var summary: WorkerLogEntry? {
    let (completed, dead) = state.withLock { ($0.completed, $0.dead) }
    guard completed + dead > 0 else { return nil }
    let deaths: Hint = dead > 0 ? ", \(DecimalText.grouped(dead)) dead: \(Action(.deadList)) shows them" : ""
    return entry(.info, "\(DecimalText.grouped(completed)) completed\(deaths)")
  }

  private func entry(_ level: Configuration.Log.Level, _ message: Hint) -> WorkerLogEntry? {
    let levels = Configuration.Log.Level.allCases
    guard let place = levels.firstIndex(of: level), let last = levels.firstIndex(of: self.level), place <= last
    else { return nil }
    return WorkerLogEntry(time: clock.now, level: level.rawValue, message: message)
  }

  private func message(of event: WorkerEvent) -> (Configuration.Log.Level, Hint)? {
    switch event {
    case .started(let id): (.info, "worker \(id) started")
    case .claimed(let jobs): (.debug, "claimed \(DecimalText.count(jobs, "job"))")
    case .ended(let job, let outcome): message(of: outcome, job)
    case .storeFailed(let failure): (.error, "the store failed, trying again: \(failure.brief)")
    case .stepLeftBehind(let job, let step):
      (.warning, "job \(job): step '\(step)' did not stop when asked to; the job continues without it")
    case .outcomeLost(let job, let failure):
      (.error, "job \(job): its outcome could not be stored (\(failure.code)); the job is retried when its lease ends")
    case .leaseLost(let job): (.warning, "job \(job): another worker has it now")
    case .peerDied(let id, let jobs):
      (.warning, "worker \(id) died; \(DecimalText.count(jobs, "job")) it ran went back to the queue")
    case .scheduleFired(let name, let fired): message(of: fired, schedule: name)
    case .maintenanceFailed(let failure): (.error, "maintenance failed: \(failure.brief)")
    }
  }

  private func message(of fired: ScheduleFired, schedule: String) -> (Configuration.Log.Level, Hint)? {
    if let failure = fired.failure {
      guard leftOut("schedule \(schedule) \(failure.code)") != nil else { return nil }
      return (.error, "schedule \(schedule): nothing was started: \(failure.brief)")
    }
    return (.debug, "schedule \(schedule) started \(fired.started.map(\.rawValue).joined(separator: ", "))")
  }

  private func message(of outcome: JobOutcome, _ job: JobID) -> (Configuration.Log.Level, Hint)? {
    switch outcome {
    case .completed:
      state.withLock { $0.completed += 1 }
      return (.debug, "job \(job) completed")
    case .dead(let attempt):
      state.withLock { $0.dead += 1 }
      return (.error, "job \(job) died: \(attempt.failure.brief)")
    case .retry(let attempt, let wait, _, _):
      let failure = attempt.failure
      guard let leftOut = leftOut(failure.code) else { return nil }
      let others = leftOut > 0 ? "; \(DecimalText.count(leftOut, "such failure")) since the last line" : ""
      return (.warning, "job \(job): \(failure.brief); the next try is in \(DurationText.text(wait))\(others)")
    case .cancelled: return (.debug, "job \(job) was cancelled")
    case .released, .parked, .waits, .gathers: return nil
    }
  }

  /// How many retries of this code were left out before this one; nil if this one is to be left out too.
  private func leftOut(_ code: String) -> Int? {
    let now = clock.uptime
    return state.withLock { state in
      if let last = state.retries[code], now - last.loggedAt < Self.pause {
        state.retries[code] = (last.loggedAt, last.leftOut + 1)
        return nil
      }
      return state.retries.updateValue((now, 0), forKey: code)?.leftOut ?? 0
    }
  }
}
