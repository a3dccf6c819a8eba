import Foundation
import IngestCLI
import Testing

@Suite("Signals")
struct SignalTests {
  @Test("the first signal is delivered and does not end the process")
  func first() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let stream = TerminationSignals.stream()
      kill(getpid(), SIGTERM)
      for await signal in stream where signal == .terminate { exit(7) }
    }
  }

  @Test("the second signal ends the process at once with its status, even if no task listens")
  func second() async {
    await #expect(processExitsWith: .exitCode(130)) {
      var signals = TerminationSignals.stream().makeAsyncIterator()
      kill(getpid(), SIGTERM)
      _ = await signals.next()
      kill(getpid(), SIGINT)
      // Busy for ever.
      while true { pause() }
    }
  }

  @Test("when the stream ends, signals have their former effect again")
  func restored() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let task = Task {
        let stream = TerminationSignals.stream()
        kill(getpid(), SIGTERM)
        for await _ in stream { break }
      }
      await task.value
      kill(getpid(), SIGTERM)
      while true { pause() }
    }
  }

  @Test("exit statuses are those that shells report")
  func statuses() {
    #expect(TerminationSignal.interrupt.exitStatus == 130)
    #expect(TerminationSignal.terminate.exitStatus == 143)
  }
}
