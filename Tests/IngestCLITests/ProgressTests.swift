import IngestCLI
import IngestCore
import Synchronization
import Testing

@Suite("Progress")
struct ProgressTests {
  final class ManualClock: TimeSource {
    private let microseconds = Mutex<Int64>(0)
    let bootID = "test"
    var now: Timestamp { Timestamp(rawValue: uptime) }
    var uptime: Int64 { microseconds.withLock { $0 } }
    func sleep(for duration: Duration) async throws { advance(duration) }
    func advance(_ duration: Duration) { microseconds.withLock { $0 += duration.microseconds } }
  }

  @Test("rate and remaining time are computed from the work done")
  func text() {
    let progress = Progress(done: 1024, total: 2000, elapsed: .seconds(10), unit: "documents")
    #expect(progress.text == "1,024/2,000 documents  51 %  102/s  10 s left")
    #expect(Progress(done: 0, total: 5, elapsed: .zero, unit: "pages").text == "0/5 pages  0 %")
    #expect(Progress(done: 5, total: 5, elapsed: .seconds(2), unit: "pages").text == "5/5 pages  100 %  2.5/s")
    #expect(Progress(done: 7, total: nil, elapsed: .seconds(1), unit: "files").text == "7 files  7/s")
    #expect(Progress(done: 1, total: 1_000_000, elapsed: .seconds(1), unit: "x").timeLeft == .seconds(999_999))
    #expect(Progress(done: 0, total: 0, elapsed: .seconds(1), unit: "x").fraction == 1)
  }

  @Test("the bar fills the available width, and is the first part to be left out", arguments: [20, 40, 60, 80, 200])
  func bar(_ width: Int) {
    let line = Progress(done: 1, total: 4, elapsed: .seconds(1), unit: "pages").line(width: width, isUnicode: false)
    #expect(line.columns <= width)
    #expect(line.hasPrefix("[") == (width >= 40))
    if width == 200 { #expect(line.hasPrefix("[#######-----------------------]  1/4 pages")) }
  }

  private func console(_ sink: MemorySink, tty: Bool, quiet: Bool = false) -> Console {
    Console(
      terminal: Terminal(errorIsTerminal: tty, width: 30), isJSON: false, isQuiet: quiet, output: MemorySink(),
      error: sink)
  }

  @Test("on a terminal each line overwrites the one before, at most ten times a second")
  func live() {
    let (sink, clock) = (MemorySink(), ManualClock())
    let console = console(sink, tty: true)
    let live = LiveStatus(console: console, clock: clock)
    live.update({ ["one", String(repeating: "x", count: 50)] }, plain: { "" })
    live.update({ ["too early"] }, plain: { "" })
    clock.advance(.milliseconds(100))
    live.update({ ["two"] }, plain: { "" })
    console.note("a word between")
    live.end()
    let expected =
      "one\n" + String(repeating: "x", count: 28) + "…\n" + "\u{1b}[2A\r\u{1b}[Jtwo\n"
      + "\u{1b}[1A\r\u{1b}[Ja word between\n"
    #expect(sink.text == expected)
  }

  @Test("in a pipe a line is printed from time to time, without control characters")
  func plain() {
    let (sink, clock) = (MemorySink(), ManualClock())
    let live = LiveStatus(console: console(sink, tty: false), clock: clock)
    for second in 0..<25 {
      live.update { Progress(done: second, total: nil, elapsed: .seconds(second), unit: "files") }
      clock.advance(.seconds(1))
    }
    live.end()
    #expect(sink.text == "10 files  1/s\n20 files  1/s\n")
  }

  @Test("--quiet prints no progress")
  func quiet() {
    let (sink, clock) = (MemorySink(), ManualClock())
    let console = console(sink, tty: true, quiet: true)
    LiveStatus(console: console, clock: clock).update({ ["x"] }, plain: { "x" })
    console.note("a note")
    #expect(sink.text == "")
    console.warn("a warning")
    #expect(sink.text == "warning: a warning\n")
  }
}
