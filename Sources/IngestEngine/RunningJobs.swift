import IngestCore
private import Synchronization

/// The jobs that a worker runs now. A job that was lost and claimed again while its old run still ends is here twice.
final class RunningJobs: Sendable {
  private let jobs = Mutex<[Lease: JobControl]>([:])

  func add(_ job: JobControl) {
    jobs.withLock { $0[job.lease] = job }
  }

  func remove(_ job: JobControl) {
    jobs.withLock { _ = $0.removeValue(forKey: job.lease) }
  }

  var count: Int { jobs.withLock { $0.count } }
  /// Whether one of them must have the process to itself.
  var isAlone: Bool { jobs.withLock { $0.values.contains(where: \.alone) } }
  var leases: [Lease] { jobs.withLock { Array($0.keys) } }

  /// - Returns: whether all of them were here.
  @discardableResult
  func stop(_ leases: [Lease], _ reason: StopReason) -> Bool {
    let found = jobs.withLock { jobs in leases.compactMap { jobs[$0] } }
    for job in found { job.stop(reason) }
    return found.count == leases.count
  }

  func stopAll(_ reason: StopReason) {
    for job in jobs.withLock({ Array($0.values) }) { job.stop(reason) }
  }
}
