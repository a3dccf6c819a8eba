package import IngestCore
import IngestStore

extension Installation {
  /// The job, with what only this machine can tell of why it is not running: whether any worker lives, and its own.
  package func explained(_ job: JobReport) async throws -> JobReport {
    let workers = try await store.workers()
    var job = job
    if job.state == .running, let worker = job.worker, !workers.contains(where: { $0.worker == worker && $0.isAlive }) {
      job.explanation =
        "Its worker died without a word: it goes on as soon as another one runs, or when its lease ends."
    } else if job.state == .queued, job.reason == QueuedReason.ready.rawValue, !workers.contains(where: \.isAlive) {
      job.explanation = "No worker is running: start one with \(Action(.worker, with: ["data": layout.folder]))."
    }
    return job
  }
}
