import IngestCore
import Testing

@Suite("Decisions about queued jobs, children, signals and holdings")
struct QueueDecisionTests {
  private let now = Timestamp(rawValue: 1_000_000)
  private var later: Timestamp { now + .seconds(5) }

  @Test("a job starts now, at its time, or after the job before it")
  func start() {
    #expect(QueuedStart(notBefore: nil, isBlocked: false, now: now).reason == .ready)
    #expect(QueuedStart(notBefore: now, isBlocked: false, now: now).reason == .ready)
    let delayed = QueuedStart(notBefore: later, isBlocked: false, now: now)
    #expect(delayed.reason == .scheduled && delayed.dueAt == later && delayed.notBefore == later)
    let blocked = QueuedStart(notBefore: later, isBlocked: true, now: now)
    #expect(blocked.reason == .afterPrevious && blocked.dueAt == nil && blocked.notBefore == later)
  }

  @Test("a new revision supersedes a job that has not started, and waits for one that has")
  func earlier() {
    #expect(JobState.queued.beforeNewRevision == .superseded)
    #expect(JobState.running.beforeNewRevision == .blocks)
    #expect(JobState.waiting.beforeNewRevision == .blocks)
    for state in [JobState.completed, .cancelled, .dead] { #expect(state.beforeNewRevision == .nothing) }
  }

  @Test("a running job is asked to stop, a waiting job ends immediately, and an ended job stays as it is")
  func stop() {
    #expect(JobState.running.stop == .request)
    #expect(JobState.queued.stop == .cancel && JobState.waiting.stop == .cancel)
    for state in [JobState.completed, .cancelled, .dead] { #expect(state.stop == .nothing) }
  }

  @Test("the last child to end wakes its parent; an earlier one lets the next held child start, if the limit allows it")
  func children() {
    #expect(ChildGroup(open: 0).next == .wakeParent)
    #expect(ChildGroup(open: 3, held: 2, parallel: 2).next == .startHeld)
    #expect(ChildGroup(open: 4, held: 2, parallel: 2).next == .nothing)
    #expect(ChildGroup(open: 2, held: 0, parallel: 3).next == .nothing)
    #expect(ChildGroup(open: 3, held: 2, parallel: 2, isClosing: true).next == .nothing)
    #expect(ChildGroup(open: 0, isClosing: true).next == .wakeParent)
    #expect(ChildGroup(open: 9).hasRoom)
    #expect(ChildGroup(open: 2, parallel: 2).holdsRedriven)
    #expect(!ChildGroup(open: 0, parallel: 1).holdsRedriven)
  }

  @Test("a signal ends the wait for it, and is kept if no such wait exists or the wait has timed out")
  func signals() {
    #expect(SignalDecision(wait: nil, now: now) == .keep)
    #expect(SignalDecision(wait: .init(until: nil), now: now) == .endWait)
    #expect(SignalDecision(wait: .init(until: later), now: now) == .endWait)
    #expect(SignalDecision(wait: .init(until: now), now: now) == .timeOut)
  }

  @Test("an answer is for the approval that the job waits for, or early for the named approval")
  func approvals() {
    let awaited = StepWait.approval("review")
    #expect(ApprovalChoice(step: nil, awaiting: awaited) == .awaited("review"))
    #expect(ApprovalChoice(step: "review", awaiting: awaited) == .awaited("review"))
    #expect(ApprovalChoice(step: "publish", awaiting: awaited) == .early("publish"))
    #expect(ApprovalChoice(step: "publish", awaiting: "go") == .early("publish"))
    #expect(ApprovalChoice(step: nil, awaiting: "go") == .none)
    #expect(ApprovalChoice(step: nil, awaiting: nil) == .none)
    func refusal(_ step: String, isAnswered: Bool = false) -> String? {
      ApprovalChoice.refusal(ofEarly: step, job: "01JOB", approvals: ["publish"], isAnswered: isAnswered)?.code
    }
    #expect(refusal("publish") == nil)
    #expect(refusal("review") == "APPROVAL_NOT_FOUND")
    #expect(refusal("publish", isAnswered: true) == "APPROVAL_DONE")
  }

  @Test("a generation lacks a revision that it does not hold, and a delete only if it holds the document")
  func lacking() {
    func lacks(_ wanted: WantedRevision, _ revision: Int, isDelete: Bool) -> Bool {
      wanted.isLacking(in: WantedRevision.Held(revision: revision, isDelete: isDelete))
    }
    let content = WantedRevision(revision: 3, isDelete: false)
    let deletion = WantedRevision(revision: 3, isDelete: true)
    #expect(content.isLacking(in: nil) && !deletion.isLacking(in: nil))
    #expect(lacks(content, 2, isDelete: false) && lacks(content, 2, isDelete: true))
    #expect(!lacks(content, 3, isDelete: false))
    #expect(lacks(deletion, 2, isDelete: false) && !lacks(deletion, 1, isDelete: true))
  }

  @Test("an unsettled write is recorded once the index shows it; until then it is checked ever less often, for a day")
  func unsettled() {
    let write = UnsettledWrite(
      id: .init(rawValue: "1"), index: "docs", generation: 1, document: DocumentID(rawValue: "d"), revision: 3)
    let shown = ShownRevision(revision: 3, isDeleted: false, chunks: 4)
    let older = ShownRevision(revision: 2, isDeleted: false, chunks: 4)
    #expect(write.decide(isHeld: true, shown: nil, age: .zero) == .forget)
    #expect(write.decide(isHeld: true, shown: shown, age: .zero) == .forget)
    #expect(write.decide(isHeld: false, shown: shown, age: .seconds(90_000)) == .takeOver(shown))
    #expect(write.decide(isHeld: false, shown: older, age: .zero) == .checkAgain(after: .seconds(60)))
    #expect(write.decide(isHeld: false, shown: nil, age: .seconds(100)) == .checkAgain(after: .seconds(500)))
    #expect(write.decide(isHeld: false, shown: nil, age: .seconds(80_000)) == .checkAgain(after: .seconds(6400)))
    #expect(write.decide(isHeld: false, shown: nil, age: .seconds(86_400)) == .forget)
  }
}
