import IngestApp
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

  /// What the command line prints of an event.
  private func line(_ log: WorkerLog, _ event: WorkerEvent, in format: LogFormat = .text) -> String? {
    log.entry(event).map { WorkerLogLine.text($0, in: format) }
  }

  private func summary(_ log: WorkerLog) -> String? { log.summary.map { WorkerLogLine.text($0, in: .text) } }

  private func retry(_ code: String) -> WorkerEvent {
    .ended(
      JobID(rawValue: "j"), .retry(attempt(code), after: .seconds(4), spends: true, reason: .retrying))
  }

  @Test("every dead job is logged, and the summary counts completed and dead jobs")
  func deaths() {
    let log = WorkerLog(clock: clock)
    #expect(summary(log) == nil)
    #expect(line(log, .ended(JobID(rawValue: "a"), .completed)) == nil)
    #expect(summary(log) == "1 completed")
    for _ in 1...2 {
      #expect(line(log, .ended(JobID(rawValue: "b"), .dead(attempt("BROKEN")))) == "job b died: It broke. (BROKEN)")
    }
    #expect(summary(log) == "1 completed, 2 dead: `ingestd dead list` shows them")
  }

  @Test("retried failures are logged once per error code in ten seconds")
  func retries() {
    let log = WorkerLog(clock: clock)
    let first = "job j: It broke. (DOWN); the next try is in 4 s"
    #expect(line(log, retry("DOWN")) == first)
    clock.advance(by: .seconds(9))
    #expect(line(log, retry("DOWN")) == nil)
    #expect(line(log, retry("OTHER")) != nil)
    clock.advance(by: .seconds(1))
    #expect(line(log, retry("DOWN")) == first + "; 1 such failure since the last line")
    clock.advance(by: .seconds(10))
    #expect(line(log, retry("DOWN")) == first)
  }

  @Test("the log has the configured level and format")
  func settings() {
    let errors = WorkerLog(.error, clock: clock)
    #expect(line(errors, .started(WorkerID(rawValue: "w"))) == nil)
    #expect(line(errors, retry("DOWN")) == nil)
    #expect(line(errors, .ended(JobID(rawValue: "b"), .dead(attempt("BROKEN")))) != nil)
    #expect(errors.summary == nil)
    let json = WorkerLog(.debug, clock: clock)
    #expect(
      line(json, .claimed(2), in: .json)
        == #"{"level":"debug","message":"claimed 2 jobs","time":"\#(clock.now)"}"#)
  }
}
