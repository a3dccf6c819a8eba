import IngestCore
import Testing

@Suite("Pruning decisions")
struct PruneDecisionTests {
  private let now = Timestamp(rawValue: 1_000_000_000_000_000)
  private func ago(_ days: Int) -> Timestamp { now + .seconds(-86_400 * days) }

  private func mayGo(_ job: EndedJob, dead: Duration? = .seconds(90 * 86_400)) throws -> Bool {
    try Retention(dead: dead).mayGo(job, now: now)
  }

  @Test("a job goes after its time, and not before")
  func time() throws {
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(8))))
    #expect(try !mayGo(EndedJob(state: .completed, finishedAt: ago(6))))
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(8))))
    #expect(try mayGo(EndedJob(state: .dead, finishedAt: ago(91))))
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(9000)), dead: nil))
  }

  @Test("what still leads back to a job keeps it")
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

  @Test("where dead letters are kept for ever, so is what they may continue from")
  func forever() throws {
    var job = EndedJob(state: .completed, finishedAt: ago(100))
    job.parent = .init(isOpen: false, diedAt: ago(9000))
    #expect(try !mayGo(job, dead: nil))
    job.parent = nil
    job.hasDeadChunks = true
    #expect(try !mayGo(job, dead: nil))
  }

  @Test("a job with chunks among the dead letters stays as long as they do")
  func chunks() throws {
    #expect(try !mayGo(EndedJob(state: .completed, finishedAt: ago(89), hasDeadChunks: true)))
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(91), hasDeadChunks: true)))
  }

  @Test("what died in a generation that is to be swapped in stays, while its revision is wanted")
  func candidate() throws {
    #expect(try !mayGo(EndedJob(state: .dead, finishedAt: ago(100), isOfCandidate: true)))
    #expect(try mayGo(EndedJob(state: .dead, finishedAt: ago(100), isOfCandidate: true, isWanted: false)))
    #expect(try mayGo(EndedJob(state: .completed, finishedAt: ago(100), isOfCandidate: true)))
  }

  @Test("a slice grows while it is quick, shrinks when it is not, and stays within bounds")
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
