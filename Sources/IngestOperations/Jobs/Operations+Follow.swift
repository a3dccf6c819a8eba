package import IngestCore

/// The progress of followed jobs.
package struct FollowedJobs: Sendable {
  package private(set) var completed = 0
  package private(set) var dead = 0
  package private(set) var cancelled = 0
  /// Jobs that were purged or pruned before their outcome could be read.
  package private(set) var gone = 0
  package let total: Int
  package var elapsed: Duration = .zero
  /// The jobs that are running now.
  package private(set) var running: [JobProgress] = []
  /// The jobs that died since the last report, with their errors.
  package private(set) var died: [JobProgress] = []
  private var pagesOfEnded = 0
  private var chunksOfEnded = 0
  private var open: Set<JobID>
  private var order: ArraySlice<JobID>

  init(_ jobs: [JobID]) {
    open = Set(jobs)
    order = jobs[...]
    total = jobs.count
  }

  package var done: Int { total - open.count }
  package var isOver: Bool { open.isEmpty }
  /// Pages so far, those of running jobs included.
  package var pages: Int {
    running.reduce(pagesOfEnded) { sum, job in
      sum + (job.pages > 0 ? job.pages : job.progress.flatMap { $0.unit == "pages" ? $0.done : nil } ?? 0)
    }
  }
  /// Chunks so far, those of running jobs included.
  package var chunks: Int { running.reduce(chunksOfEnded) { $0 + $1.chunks } }

  /// Returns the open jobs in their order, and clears what the last check noted.
  mutating func next() -> [JobID] {
    running = []
    died = []
    order.removeAll { !open.contains($0) }
    return Array(order)
  }

  /// Notes the store's answer for some of the jobs. A job that the answer lacks is gone.
  mutating func note(_ slice: [JobID], _ found: [JobProgress]) {
    var missing = Set(slice)
    for job in found {
      missing.remove(job.job)
      switch job.state {
      case .queued, .waiting: continue
      case .running:
        running.append(job)
        continue
      case .completed: completed += 1
      case .cancelled: cancelled += 1
      case .dead:
        dead += 1
        died.append(job)
      }
      open.remove(job.job)
      pagesOfEnded += job.pages
      chunksOfEnded += job.chunks
    }
    open.subtract(missing)
    gone += missing.count
  }
}

extension Operations {
  /// The time between two checks: other processes run the jobs, and a person reads the line.
  private static let followInterval: Duration = .milliseconds(150)
  /// Ids that one transaction reads.
  private static let followSlice = 500

  /// Follows jobs until all of them have ended.
  /// - Parameters:
  ///   - timeout: nil waits without a limit.
  ///   - report: called after each check. An error that it throws ends the wait.
  /// - Throws: `NO_WORKER` if no worker is alive, `WAIT_TIMEOUT`.
  @discardableResult
  package func follow(
    _ ids: [JobID], timeout: Duration? = nil, report: (FollowedJobs) throws -> Void
  ) async throws -> FollowedJobs {
    var followed = FollowedJobs(ids)
    let start = clock.uptime
    while true {
      try await check(&followed)
      followed.elapsed = .microseconds(clock.uptime - start)
      try report(followed)
      if followed.isOver { return followed }
      if try await !hasWorker() {
        // The last worker may have ended the jobs between the two checks.
        try await check(&followed)
        try report(followed)
        if followed.isOver { return followed }
        throw noWorker(followed.total - followed.done)
      }
      if let timeout, followed.elapsed >= timeout { throw timedOut(followed.total - followed.done, timeout) }
      try await clock.sleep(
        for: min(Self.followInterval, timeout.map { $0 - followed.elapsed } ?? Self.followInterval))
    }
  }

  private func check(_ followed: inout FollowedJobs) async throws {
    let open = followed.next()
    for first in stride(from: 0, to: open.count, by: Self.followSlice) {
      let slice = Array(open[first..<min(first + Self.followSlice, open.count)])
      followed.note(slice, try await jobs.progress(of: slice))
    }
  }

  private func timedOut(_ count: Int, _ timeout: Duration) -> Failure {
    Failure(
      .unavailable, code: "WAIT_TIMEOUT",
      "\(DecimalText.count(count, "job has", plural: "jobs have")) not ended within \(DurationText.text(timeout)).",
      hint: "They continue; \(Action(.jobShow, "JOB")) shows the progress of each.", category: .later)
  }

  private func noWorker(_ count: Int) -> Failure {
    Failure(
      .unavailable, code: "NO_WORKER",
      "\(DecimalText.count(count, "job waits", plural: "jobs wait")), and no worker is running in \(place).",
      hint: "Start one: \(Action(.worker, with: ["data": place])). Submitted work is kept.", category: .later)
  }
}
