package import IngestCore
private import Synchronization

/// Lines about the work under way on standard error: drawn over each other on a terminal, one now and then in a pipe,
/// none under `--quiet`.
package final class LiveStatus: Sendable {
  private struct State {
    var shownAt: Int64?
    var isEnded = false
  }

  private let console: Console
  private let clock: any TimeSource
  /// Microseconds between two drawings.
  private let interval: Int64
  private let state = Mutex(State())

  /// - Parameter plainInterval: between two lines in a pipe.
  package init(console: Console, clock: any TimeSource, plainInterval: Duration = .seconds(10)) {
    self.console = console
    self.clock = clock
    interval = console.terminal.errorIsTerminal ? 100_000 : plainInterval.microseconds
  }

  /// Shows these lines if it is time; `plain` is what a pipe gets instead. Costs nothing in between, so call it often.
  package func update(_ lines: () -> [String], plain: () -> String) {
    guard !console.isQuiet, isDue() else { return }
    guard console.terminal.errorIsTerminal else { return console.tell(plain()) }
    let width = console.terminal.width - 1
    let text = lines().map { $0.shortened(to: width, ellipsis: console.terminal.ellipsis) }
    let before = console.liveLines.withLock { before in
      defer { before = text.count }
      return before
    }
    console.writeError(Self.erase(before) + text.map { $0 + "\n" }.joined())
  }

  /// One progress line.
  package func update(_ progress: () -> Progress) {
    update(
      { [progress().line(width: console.terminal.width - 1, isUnicode: console.terminal.isUnicode)] },
      plain: { progress().text })
  }

  /// Takes the lines off the screen. Later updates show nothing.
  package func end() {
    state.withLock { $0.isEnded = true }
    let lines = console.liveLines.withLock { lines in
      defer { lines = 0 }
      return lines
    }
    if lines > 0 { console.writeError(Self.erase(lines)) }
  }

  private func isDue() -> Bool {
    let now = clock.uptime
    return state.withLock { state in
      guard !state.isEnded else { return false }
      // A pipe's first line comes after the first interval: short runs stay silent there.
      guard let last = state.shownAt else {
        state.shownAt = now
        return console.terminal.errorIsTerminal
      }
      guard now - last >= interval else { return false }
      state.shownAt = now
      return true
    }
  }

  /// Moves to the first of so many lines and clears from there to the end of the screen.
  static func erase(_ lines: Int) -> String { lines > 0 ? "\u{1b}[\(lines)A\r\u{1b}[J" : "" }
}
