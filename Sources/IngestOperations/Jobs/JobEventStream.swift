package import IngestCore

/// The events of one job, oldest first, in batches. The stream of a followed job ends with the job.
package struct JobEventStream: AsyncSequence {
  package enum Element: Sendable {
    /// Events that no earlier batch contains; empty if nothing happened since.
    case events([JobEvent])
    /// The job was purged or pruned while it was followed. Nothing comes after.
    case gone
  }

  let job: JobID
  let isFollowed: Bool
  let jobs: any JobStore
  let clock: any TimeSource

  /// The time between two reads: another process runs the job, and a person reads the lines.
  private static let interval: Duration = .milliseconds(200)

  package struct Iterator: AsyncIteratorProtocol {
    let stream: JobEventStream
    private var known: Set<String> = []
    private var isFirst = true
    private var isOver = false

    init(_ stream: JobEventStream) { self.stream = stream }

    /// - Throws: `JOB_NOT_FOUND` if the job is gone before the first event is read.
    package mutating func next() async throws -> Element? {
      guard !isOver else { return nil }
      if !isFirst { try await stream.clock.sleep(for: JobEventStream.interval) }
      isFirst = false
      // The state is read before the events, so that no event of an ended job is missed.
      let state = try await stream.jobs.progress(of: [stream.job]).first?.state
      let events: [JobEvent]
      do {
        events = try await stream.jobs.events(of: stream.job, logs: true)
      } catch let failure as Failure where failure.reason == .jobNotFound && !known.isEmpty {
        isOver = true
        return .gone
      }
      isOver = !stream.isFollowed || state?.isEnd != false
      return .events(events.filter { known.insert($0.id).inserted })
    }
  }

  package func makeAsyncIterator() -> Iterator { Iterator(self) }
}

extension Operations {
  /// Returns the events of a job and the lines that its steps logged.
  /// - Parameters:
  ///   - text: the job's id, or a unique beginning of it.
  ///   - follow: whether the stream continues with later events until the job has ended.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`.
  package func events(ofJob text: String, follow: Bool) async throws -> JobEventStream {
    JobEventStream(job: try await jobs.resolveJob(text), isFollowed: follow, jobs: jobs, clock: clock)
  }
}
