import IngestCore
private import Synchronization

/// The jobs that a worker runs now. A job appears twice if the worker lost its lease and claimed it again before the
/// old run ended.
///
/// Each list is in the order of arrival. The order of a dictionary would change from run to run, and with it the
/// simulation.
final class RunningJobs: Sendable {
  private struct State {
    var jobs: [Lease: (arrival: Int, control: JobControl)] = [:]
    var arrivals = 0

    var ordered: [JobControl] { jobs.values.sorted { $0.arrival < $1.arrival }.map(\.control) }
  }

  private let state = Mutex(State())

  func add(_ job: JobControl) {
    state.withLock { state in
      state.arrivals += 1
      state.jobs[job.lease] = (state.arrivals, job)
    }
  }

  func remove(_ job: JobControl) {
    state.withLock { _ = $0.jobs.removeValue(forKey: job.lease) }
  }

  var count: Int { state.withLock { $0.jobs.count } }
  /// Whether one of the jobs must run alone in the process.
  var isAlone: Bool { state.withLock { $0.jobs.values.contains(where: \.control.alone) } }
  var leases: [Lease] { state.withLock { $0.ordered.map(\.lease) } }

  /// Stops the jobs of these leases.
  /// - Returns: whether this worker runs all of them.
  @discardableResult
  func stop(_ leases: [Lease], _ reason: StopReason) -> Bool {
    let found = state.withLock { state in leases.compactMap { state.jobs[$0]?.control } }
    for job in found { job.stop(reason) }
    return found.count == leases.count
  }

  func stopAll(_ reason: StopReason) {
    for job in state.withLock({ $0.ordered }) { job.stop(reason) }
  }
}
