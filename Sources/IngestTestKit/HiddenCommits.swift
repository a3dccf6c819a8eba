package import IngestSQL
private import Synchronization

/// Makes chosen commits of a database take effect although their outcome is reported as unknown.
package final class HiddenCommits: Sendable {
  private struct State {
    var seen = 0
    var target: Int?
  }

  private let state = Mutex(State())

  package init() {}

  /// For ``DatabaseOptions/faults``.
  package var faults: DatabaseFaults {
    var faults = DatabaseFaults()
    faults.hidesCommit = { [self] in
      state.withLock { state in
        defer { state.seen += 1 }
        return state.seen == state.target
      }
    }
    return faults
  }

  /// Commits since the last call of ``hide(_:)``.
  package var seen: Int { state.withLock { $0.seen } }

  /// Hides the `number`th commit from now on, counted from 0; nil hides none.
  package func hide(_ number: Int?) { state.withLock { $0 = State(seen: 0, target: number) } }
}
