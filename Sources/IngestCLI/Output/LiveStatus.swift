package import IngestCore
private import Synchronization

/// Progress lines on standard error. On a terminal each update replaces the lines before it; a pipe gets a line every 10 s;
/// under `--quiet` there are none.
package final class LiveStatus: Sendable {
  private struct State {
    var shownAt: Int64?
    var isEnded = false
  }

  private let console: Console
  private let clock: any TimeSource
  /// Microseconds between two updates.
  private let interval: Int64
  private let state = Mutex(State())

  /// - Parameter plainInterval: the time between two lines in a pipe.
  package init(console: Console, clock: any TimeSource, plainInterval: Duration = .seconds(10)) {
    self.console = console
    self.clock = clock
    interval = console.terminal.errorIsTerminal ? 100_000 : plainInterval.microseconds
  }

  /// Shows the lines, or `plain` in a pipe, if the interval has passed. Otherwise it does nothing, so call it often.
  package func update(_ lines: () -> [String], plain: () -> String) {
    guard !console.isQuiet, isDue() else { return }
    guard console.terminal.errorIsTerminal else { return console.printError(plain()) }
    let width = console.terminal.width - 1
    let text = lines().map { $0.shortened(to: width, ellipsis: console.terminal.ellipsis) }
    let before = console.liveLines.withLock { before in
      defer { before = text.count }
      return before
    }
    console.writeError(Self.erase(before) + text.map { $0 + "\n" }.joined())
  }

  /// Shows a progress line.
  package func update(_ progress: () -> Progress) {
    update(
      { [progress().line(width: console.terminal.width - 1, isUnicode: console.terminal.isUnicode)] },
      plain: { progress().text })
  }

  /// Removes the lines from the screen. Later updates show nothing.
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
      // A pipe gets its first line after the first interval, so short runs print nothing.
      guard let last = state.shownAt else {
        state.shownAt = now
        return console.terminal.errorIsTerminal
      }
      guard now - last >= interval else { return false }
      state.shownAt = now
      return true
    }
  }

  /// Returns the codes that move up by this many lines and clear to the end of the screen.
  static func erase(_ lines: Int) -> String { lines > 0 ? "\u{1b}[\(lines)A\r\u{1b}[J" : "" }
}
