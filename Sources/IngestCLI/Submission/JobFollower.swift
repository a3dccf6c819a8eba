import IngestCore
import IngestOperations

/// The live lines of followed jobs.
struct JobFollower {
  let operations: Operations
  let console: Console

  /// Follows jobs until they have ended.
  /// - Parameter timeout: the longest wait; nil is no limit.
  /// - Throws: as ``Operations/follow(_:timeout:report:)``; the failure of a job that dies is printed as a warning at once.
  func follow(_ jobs: [JobID], timeout: Duration? = nil) async throws -> FollowedJobs {
    let live = LiveStatus(console: console, clock: operations.clock)
    defer { live.end() }
    let followed = try await operations.follow(jobs, timeout: timeout) { followed in
      for job in followed.died where !console.isJSON {
        if let error = job.error { console.warn("job \(job.job) died: \(error.message) (\(error.code))") }
      }
      if !followed.isOver { show(followed, live) }
    }
    live.end()
    try console.line(
      "\(DecimalText.grouped(followed.completed)) completed"
        + (followed.dead > 0 ? ", \(followed.dead) dead" : "")
        + (followed.cancelled > 0 ? ", \(followed.cancelled) cancelled" : "")
        + (followed.gone > 0 ? ", \(followed.gone) purged" : "") + counted(followed).map { ":" + $0 }.joined())
    return followed
  }

  private func show(_ followed: FollowedJobs, _ live: LiveStatus) {
    live.update(
      {
        let progress = Progress(
          done: followed.done, total: followed.total, elapsed: followed.elapsed, unit: "documents")
        return [progress.line(width: console.terminal.width - 1, isUnicode: console.terminal.isUnicode)]
          + counted(followed)
          + followed.running.prefix(4).map { "  \($0.job) \($0.step ?? "")\($0.progress.map { " \($0.text)" } ?? "")" }
      },
      plain: {
        (["\(followed.done) of \(followed.total) documents"] + counted(followed)).joined(separator: ",")
      })
  }

  /// Returns the pages and chunks so far; empty if none were counted.
  private func counted(_ followed: FollowedJobs) -> [String] {
    let (pages, chunks) = (followed.pages, followed.chunks)
    if pages == 0, chunks == 0 { return [] }
    return [
      " \(DecimalText.grouped(pages)) \(pages == 1 ? "page" : "pages"), "
        + "\(DecimalText.grouped(chunks)) \(chunks == 1 ? "chunk" : "chunks")"
    ]
  }
}

extension StepProgress {
  /// Such as `12 of 40 pages`.
  var text: String { total.map { "\(done) of \($0) \(unit)" } ?? "\(done) \(unit)" }
}
