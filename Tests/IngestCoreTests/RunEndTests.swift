import IngestCore
import Testing

@Suite("The decision at the end of a job's run")
struct RunEndTests {
  private static func attempt(
    _ code: String = "BROKEN", _ kind: Failure.Kind = .transient, dependency: String? = nil
  ) -> FailedAttempt {
    var failure = Failure(kind, code: code, "It broke.")
    failure.dependency = dependency
    let time = Timestamp(rawValue: 0)
    return FailedAttempt(position: 1, failure: failure, startedAt: time, finishedAt: time)
  }

  private static let step = StepGates(workflow: "ingest", step: "embed")
  private static let asked = EndingRun(isAskedToStop: true)

  /// The decision, as a word that tests compare.
  private func word(_ end: RunEnd) -> String {
    switch end {
    case .complete: "completes"
    case .stop(let attempt, let spends): "stops" + (attempt == nil ? "" : spends ? ", spent" : ", recorded")
    case .park(let dependency, _, _, let otherwise): "parks at \(dependency), or \(word(otherwise))"
    case .retry(_, _, let spends, _, let countsDeath):
      "retries" + (spends ? ", spent" : "") + (countsDeath ? ", counts a death" : "")
    case .die(let failure, let attempt):
      "dies of \(failure.code)" + failure.causes.map { " by \($0.code)" }.joined()
        + (attempt == nil ? "" : ", recorded")
    case .wait: "waits"
    case .parkAtStep: "parks at its step"
    case .giveBack: "goes back"
    case .gather: "gathers"
    }
  }

  private static func retry(_ attempt: FailedAttempt, spends: Bool = true) -> JobOutcome {
    .retry(attempt, after: .seconds(1), spends: spends, reason: .retrying)
  }

  private static let waits = JobOutcome.waits(.children, step: "each", position: 1, cursor: "{}")

  @Test("a job that was asked to stop is stopped, unless it completed or its worker releases it")
  func stops() {
    #expect(word(Self.asked.decide(.completed)) == "completes")
    #expect(word(Self.asked.decide(.released)) == "goes back")
    for outcome in [JobOutcome.cancelled, .gathers, .parked(Self.step), Self.waits] {
      #expect(word(Self.asked.decide(outcome)) == "stops")
    }
    #expect(word(Self.asked.decide(Self.retry(Self.attempt()))) == "stops, spent")
    #expect(word(Self.asked.decide(Self.retry(Self.attempt(dependency: "qdrant"), spends: false))) == "stops, recorded")
    #expect(word(Self.asked.decide(.dead(Self.attempt()))) == "stops, spent")
    #expect(word(EndingRun().decide(.cancelled)) == "stops")
  }

  @Test("a job that was not asked to stop gets the runner's outcome")
  func does() {
    let run = EndingRun()
    #expect(word(run.decide(.completed)) == "completes")
    #expect(word(run.decide(Self.retry(Self.attempt()))) == "retries, spent")
    #expect(word(run.decide(.parked(Self.step))) == "parks at its step")
    #expect(word(run.decide(Self.waits)) == "waits")
    #expect(word(run.decide(.gathers)) == "gathers")
    #expect(word(run.decide(.released)) == "goes back")
  }

  @Test("a job without an index has no jobs to gather, and continues immediately")
  func withoutIndex() {
    #expect(word(EndingRun(hasGeneration: false).decide(.gathers)) == "goes back")
  }

  @Test("a failure that spends no attempt and names its dependency parks the job there, if the job is in a lane")
  func parks() {
    let failed = Self.attempt("BREAKER_OPEN", .unavailable, dependency: "qdrant")
    #expect(word(EndingRun().decide(Self.retry(failed, spends: false))) == "parks at qdrant, or retries")
    #expect(word(EndingRun().decide(Self.retry(failed))) == "retries, spent")
    #expect(word(EndingRun(isAlone: true).decide(Self.retry(failed, spends: false))) == "retries")
  }

  @Test("the death of a parser counts against the content, if the job has content")
  func poison() {
    let failed = Self.retry(Self.attempt("PARSER_DIED", .poison))
    #expect(word(EndingRun().decide(failed)) == "retries, spent, counts a death")
    #expect(word(EndingRun(hasContent: false).decide(failed)) == "retries, spent")
  }

  @Test("a failing job dies with its first failure, and the failure of its on-failure step is a cause")
  func dies() {
    #expect(word(EndingRun().decide(.dead(Self.attempt()))) == "dies of BROKEN, recorded")
    let fatal = Self.attempt("FATAL")
    #expect(word(EndingRun(fatal: fatal).decide(.dead(fatal))) == "dies of FATAL")
    let end = word(EndingRun(fatal: fatal).decide(.dead(Self.attempt("LAST"))))
    #expect(end.hasPrefix("dies of FATAL") && end.contains("by LAST") && end.hasSuffix(", recorded"))
    #expect(word(EndingRun(isAskedToStop: true, fatal: fatal).decide(.dead(fatal))) == "stops")
  }

  @Test("only a completed job's own journal line names the revision that the generation holds")
  func holds() {
    #expect(JobOutcome.completed.reportsHold)
    for outcome in [JobOutcome.cancelled, .released, .gathers, .parked(Self.step), Self.waits, .dead(Self.attempt())] {
      #expect(!outcome.reportsHold)
    }
  }

  @Test(
    "a death counts for the job, and for its content if no other job was in the process; a lease that ran out does not")
  func deaths() {
    let lapsed = Deaths.giveBack(deaths: 1, died: false, aloneInProcess: true)
    #expect(lapsed.deaths == 1 && !lapsed.runsAlone && !lapsed.countsAgainstContent)
    let shared = Deaths.giveBack(deaths: 1, died: true, aloneInProcess: false)
    #expect(shared.deaths == 2 && shared.runsAlone && !shared.countsAgainstContent)
    #expect(Deaths.giveBack(deaths: 0, died: true, aloneInProcess: true).countsAgainstContent)
  }
}
