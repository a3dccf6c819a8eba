import IngestCLI
import IngestConfig
import IngestCore
import IngestEngine
import IngestTestKit
import Testing

@Suite("A worker's log")
struct WorkerLogTests {
  private let clock = ManualClock()

  private func attempt(_ code: String) -> FailedAttempt {
    let failure = Failure(.transient, code: code, "It broke.")
    return FailedAttempt(position: 0, failure: failure, startedAt: clock.now, finishedAt: clock.now)
  }

  private func retry(_ code: String) -> WorkerEvent {
    .ended(
      JobID(rawValue: "j"), .retry(attempt(code), after: .seconds(4), spends: true, reason: .retrying))
  }

  @Test("every dead job is logged, and the summary counts completed and dead jobs")
  func deaths() {
    let log = WorkerLog(clock: clock)
    #expect(log.summary == nil)
    #expect(log.line(.ended(JobID(rawValue: "a"), .completed)) == nil)
    #expect(log.summary == "1 completed")
    for _ in 1...2 {
      #expect(log.line(.ended(JobID(rawValue: "b"), .dead(attempt("BROKEN")))) == "job b died: It broke. (BROKEN)")
    }
    #expect(log.summary == "1 completed, 2 dead: `ingestd dead list` shows them")
  }

  @Test("retried failures are logged once per error code in ten seconds")
  func retries() {
    let log = WorkerLog(clock: clock)
    let line = "job j: It broke. (DOWN); the next try is in 4 s"
    #expect(log.line(retry("DOWN")) == line)
    clock.advance(by: .seconds(9))
    #expect(log.line(retry("DOWN")) == nil)
    #expect(log.line(retry("OTHER")) != nil)
    clock.advance(by: .seconds(1))
    #expect(log.line(retry("DOWN")) == line + "; 1 failure like it in between")
    clock.advance(by: .seconds(10))
    #expect(log.line(retry("DOWN")) == line)
  }

  @Test("the log has the configured level and format")
  func settings() {
    let errors = WorkerLog(.init(level: .error, format: .text), clock: clock)
    #expect(errors.line(.started(WorkerID(rawValue: "w"))) == nil)
    #expect(errors.line(retry("DOWN")) == nil)
    #expect(errors.line(.ended(JobID(rawValue: "b"), .dead(attempt("BROKEN")))) != nil)
    #expect(errors.summary == nil)
    let json = WorkerLog(.init(level: .debug, format: .json), clock: clock)
    #expect(
      json.line(.claimed(2))
        == #"{"level":"debug","message":"claimed 2 jobs","time":"\#(clock.now)"}"#)
  }
}
