import IngestCore
import IngestProcess
import IngestStore

/// Follows jobs to their end with a live line.
struct JobFollower {
  let installation: Installation
  let console: Console

  /// How the followed jobs ended.
  struct Ends: Sendable, Hashable {
    var completed = 0
    var dead = 0
    var cancelled = 0
  }

  /// Between two looks. Other processes end the jobs, and a person reads the line.
  private static let interval: Duration = .milliseconds(150)
  /// Ids asked for in one transaction.
  private static let slice = 500

  /// - Throws: `NO_WORKER` when nothing would ever run them; the failure of a dead job is told as it happens.
  func follow(_ jobs: [JobID]) async throws -> Ends {
    var ends = Ends()
    var open = Set(jobs)
    var order = jobs[...]
    let live = LiveStatus(console: console, clock: installation.clock)
    defer { live.end() }
    let start = installation.clock.uptime
    while !open.isEmpty {
      var running: [JobProgress] = []
      order.removeAll { !open.contains($0) }
      for first in stride(from: order.startIndex, to: order.endIndex, by: Self.slice) {
        let slice = Array(order[first..<min(first + Self.slice, order.endIndex)])
        for progress in try await installation.store.progress(of: slice) {
          if progress.state.isEnd {
            open.remove(progress.job)
            try tell(progress, &ends)
          } else if progress.state == .running {
            running.append(progress)
          }
        }
      }
      if open.isEmpty { break }
      if running.isEmpty, try await !hasWorker() { throw noWorker(open.count) }
      let done = jobs.count - open.count
      live.update(
        {
          let progress = Progress(
            done: done, total: jobs.count, elapsed: .microseconds(installation.clock.uptime - start), unit: "documents")
          return [progress.line(width: console.terminal.width - 1, isUnicode: console.terminal.isUnicode)]
            + running.prefix(4).map { "  \($0.job) \($0.step ?? "")\($0.progress.map { " \($0.text)" } ?? "")" }
        },
        plain: { "\(done) of \(jobs.count) documents" })
      try await installation.clock.sleep(for: Self.interval)
    }
    live.end()
    try console.line(
      "\(ends.completed) completed"
        + (ends.dead > 0 ? ", \(ends.dead) dead" : "") + (ends.cancelled > 0 ? ", \(ends.cancelled) cancelled" : ""))
    return ends
  }

  private func tell(_ progress: JobProgress, _ ends: inout Ends) throws {
    switch progress.state {
    case .completed: ends.completed += 1
    case .cancelled: ends.cancelled += 1
    case .dead:
      ends.dead += 1
      if let error = progress.error, !console.isJSON {
        console.warn("job \(progress.job) died: \(error.message) (\(error.code))")
      }
    case .queued, .running, .waiting: break
    }
  }

  /// Whether any worker of this folder lives.
  func hasWorker() async throws -> Bool {
    try await installation.store.status().workers.contains { (try? FileLock.isHeld(path: $0.lockPath)) == true }
  }

  private func noWorker(_ count: Int) -> Failure {
    Failure(
      .unavailable, code: "NO_WORKER", "\(count) jobs wait, and no worker is running in \(installation.layout.folder).",
      hint: "Start one: `ingestd worker --data \(installation.layout.folder)`. What was submitted is kept.",
      category: .later)
  }
}

extension StepProgress {
  /// Such as `12 of 40 pages`.
  var text: String { total.map { "\(done) of \($0) \(unit)" } ?? "\(done) \(unit)" }
}
