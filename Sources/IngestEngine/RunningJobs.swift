import IngestCore
private import Synchronization

/// The jobs that a worker runs now. A job that was lost and claimed again while its old run still ends is here twice.
///
/// Each list is in the order of arrival. The order of a dictionary changes from run to run, and the simulation would see it.
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
  /// Whether one of them must have the process to itself.
  var isAlone: Bool { state.withLock { $0.jobs.values.contains(where: \.control.alone) } }
  var leases: [Lease] { state.withLock { $0.ordered.map(\.lease) } }

  /// - Returns: whether all of them were here.
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
