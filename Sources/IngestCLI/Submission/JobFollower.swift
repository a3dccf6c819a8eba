import IngestApp
import IngestCore
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
    /// Dead, and purged before they could be looked at.
    var gone = 0
    /// Of those that have ended.
    var pages = 0
    var chunks = 0
  }

  /// Between two looks. Other processes end the jobs, and a person reads the line.
  private static let interval: Duration = .milliseconds(150)
  /// Ids asked for in one transaction.
  private static let slice = 500

  /// - Parameter timeout: nil waits for as long as it takes.
  /// - Throws: `NO_WORKER` when nothing would ever run them, `WAIT_TIMEOUT`; the failure of a dead job is told as it
  ///   happens.
  func follow(_ jobs: [JobID], timeout: Duration? = nil) async throws -> Ends {
    var watch = Watch(jobs)
    let live = LiveStatus(console: console, clock: installation.clock)
    defer { live.end() }
    let start = installation.clock.uptime
    while true {
      try await look(&watch)
      if watch.open.isEmpty { break }
      if try await !hasWorker() {
        // The last worker may have ended them between the two looks.
        try await look(&watch)
        if watch.open.isEmpty { break }
        throw noWorker(watch.open.count)
      }
      let elapsed: Duration = .microseconds(installation.clock.uptime - start)
      if let timeout, elapsed >= timeout { throw timedOut(watch.open.count, timeout) }
      let done = jobs.count - watch.open.count
      live.update(
        {
          let progress = Progress(done: done, total: jobs.count, elapsed: elapsed, unit: "documents")
          return [progress.line(width: console.terminal.width - 1, isUnicode: console.terminal.isUnicode)]
            + watch.counted
            + watch.running.prefix(4).map { "  \($0.job) \($0.step ?? "")\($0.progress.map { " \($0.text)" } ?? "")" }
        },
        plain: { (["\(done) of \(jobs.count) documents"] + watch.counted).joined(separator: ",") })
      try await installation.clock.sleep(for: min(Self.interval, timeout.map { $0 - elapsed } ?? Self.interval))
    }
    live.end()
    let ends = watch.ends
    try console.line(
      "\(DecimalText.grouped(ends.completed)) completed"
        + (ends.dead > 0 ? ", \(ends.dead) dead" : "") + (ends.cancelled > 0 ? ", \(ends.cancelled) cancelled" : "")
        + (ends.gone > 0 ? ", \(ends.gone) purged" : "") + watch.counted.map { ":" + $0 }.joined())
    return ends
  }

  /// What is known of the followed jobs.
  private struct Watch {
    var open: Set<JobID>
    var order: ArraySlice<JobID>
    var running: [JobProgress] = []
    var ends = Ends()

    /// Pages and chunks so far, those of the jobs under way included; empty where nothing was counted.
    var counted: [String] {
      var (pages, chunks) = (ends.pages, ends.chunks)
      for job in running {
        pages += job.pages > 0 ? job.pages : job.progress.flatMap { $0.unit == "pages" ? $0.done : nil } ?? 0
        chunks += job.chunks
      }
      if pages == 0, chunks == 0 { return [] }
      return [
        " \(DecimalText.grouped(pages)) \(pages == 1 ? "page" : "pages"), "
          + "\(DecimalText.grouped(chunks)) \(chunks == 1 ? "chunk" : "chunks")"
      ]
    }

    init(_ jobs: [JobID]) {
      open = Set(jobs)
      order = jobs[...]
    }
  }

  private func look(_ watch: inout Watch) async throws {
    watch.running = []
    watch.order.removeAll { !watch.open.contains($0) }
    for first in stride(from: watch.order.startIndex, to: watch.order.endIndex, by: Self.slice) {
      let slice = Array(watch.order[first..<min(first + Self.slice, watch.order.endIndex)])
      var gone = Set(slice)
      for progress in try await installation.store.progress(of: slice) {
        gone.remove(progress.job)
        if progress.state.isEnd {
          watch.open.remove(progress.job)
          try tell(progress, &watch.ends)
        } else if progress.state == .running {
          watch.running.append(progress)
        }
      }
      watch.open.subtract(gone)
      watch.ends.gone += gone.count
    }
  }

  private func tell(_ progress: JobProgress, _ ends: inout Ends) throws {
    ends.pages += progress.pages
    ends.chunks += progress.chunks
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
    try await installation.store.workers().contains(where: \.isAlive)
  }

  private func timedOut(_ count: Int, _ timeout: Duration) -> Failure {
    Failure(
      .unavailable, code: "WAIT_TIMEOUT",
      "\(DecimalText.count(count, "job has", plural: "jobs have")) not ended within \(DurationText.text(timeout)).",
      hint: "They go on; `ingestd job show JOB` tells how far each is.", category: .later)
  }

  private func noWorker(_ count: Int) -> Failure {
    Failure(
      .unavailable, code: "NO_WORKER",
      "\(DecimalText.count(count, "job waits", plural: "jobs wait")), and no worker is running in \(installation.layout.folder).",
      hint: "Start one: `ingestd worker --data \(installation.layout.folder)`. What was submitted is kept.",
      category: .later)
  }
}

extension StepProgress {
  /// Such as `12 of 40 pages`.
  var text: String { total.map { "\(done) of \($0) \(unit)" } ?? "\(done) \(unit)" }
}
