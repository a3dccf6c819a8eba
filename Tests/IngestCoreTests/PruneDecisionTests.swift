import IngestCore
import Testing

@Suite("Pruning decisions")
struct PruneDecisionTests {
  private let now = Timestamp(rawValue: 1_000_000_000_000_000)
  private func ago(_ days: Int) -> Timestamp { now + .seconds(-86_400 * days) }

  private func mayGo(_ job: EndedJob, dead: Duration? = .seconds(90 * 86_400)) throws -> Bool {
    try Retention(dead: dead).mayGo(job, now: now)
  }

  @Test("a job is removed after its time, and not before")
  func time() throws {
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(8))))
    #expect(try !mayGo(EndedJob(state: .completed, finishedAt: ago(6))))
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(8))))
    #expect(try mayGo(EndedJob(state: .dead, finishedAt: ago(91))))
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(9000)), dead: nil))
  }

  @Test("a job stays while its children, its slots, its parent or the job it replays need it")
  func needed() throws {
    let old = EndedJob(state: .completed, finishedAt: ago(100))
    let changes: [(inout EndedJob) -> Void] = [
      { $0.hasChildren = true }, { $0.holdsSlots = true },
      { $0.parent = .init(isOpen: true) }, { $0.replays = .init(isOpen: true) },
      { $0.parent = .init(isOpen: false, diedAt: ago(89)) }, { $0.replays = .init(isOpen: false, diedAt: ago(89)) },
    ]
    for change in changes {
      var job = old
      change(&job)
      #expect(try !mayGo(job))
    }
    var job = old
    job.parent = .init(isOpen: false)
    job.replays = .init(isOpen: false, diedAt: ago(91))
    #expect(try mayGo(job))
  }

  @Test("while dead letters are kept for ever, so are the jobs that they may continue from")
  func forever() throws {
    var job = EndedJob(state: .completed, finishedAt: ago(100))
    job.parent = .init(isOpen: false, diedAt: ago(9000))
    #expect(try !mayGo(job, dead: nil))
    job.parent = nil
    job.hasDeadChunks = true
    #expect(try !mayGo(job, dead: nil))
  }

  @Test("a job with lost chunks stays as long as a dead letter")
  func chunks() throws {
    #expect(try !mayGo(EndedJob(state: .completed, finishedAt: ago(89), hasDeadChunks: true)))
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(91), hasDeadChunks: true)))
  }

  @Test("a dead job of a candidate generation stays while its revision is wanted")
  func candidate() throws {
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(100), isOfCandidate: true)))
    #expect(try mayGo(EndedJob(state: .dead, finishedAt: ago(100), isOfCandidate: true, isWanted: false)))
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(100), isOfCandidate: true)))
  }

  @Test("a slice grows while it is fast, shrinks when it is slow, and stays within bounds")
  func pace() {
    var pace = SlicePace()
    let first = pace.rows
    pace.note(100)
    #expect(pace.rows == 2 * first)
    pace.note(SlicePace.whole - 1)
    #expect(pace.rows == 2 * first)
    pace.note(SlicePace.whole + 1)
    #expect(pace.rows == first)
    for _ in 0..<20 { pace.note(0) }
    #expect(pace.rows == SlicePace.bounds.upperBound)
    for _ in 0..<20 { pace.note(1_000_000) }
    #expect(pace.rows == SlicePace.bounds.lowerBound)
    #expect(pace.longest == 1_000_000)
    #expect(pace.slices == 43)
  }
}
