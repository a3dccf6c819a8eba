import Synchronization

/// A fault of the disk at one chosen operation.
enum Fault: String, CaseIterable, Sendable {
  /// No space for one write.
  case full
  /// No space for any write from then on, until the test makes some.
  case staysFull
  /// Half of a write is done, then there is no space.
  case short
  /// A write, or another change of a file or a folder, fails.
  case fails
  case readFails
  /// A sync fails, and unsynced data may be gone.
  case syncFails
  /// Another process holds a lock.
  case locked

  /// Returns whether the fault can strike at this operation.
  func strikes(_ request: WatchedDisk.Request) -> Bool {
    switch (self, request) {
    case (.readFails, .read), (.locked, .lock): true
    case (.full, .change(let change)), (.staysFull, .change(let change)), (.short, .change(let change)):
      if case .write = change.kind { true } else { false }
    case (.fails, .change(let change)):
      switch change.kind {
      case .sync, .syncFolder: false
      default: true
      }
    case (.syncFails, .change(let change)):
      switch change.kind {
      case .sync, .syncFolder: true
      default: false
      }
    default: false
    }
  }

  func verdict(_ request: WatchedDisk.Request) -> WatchedDisk.Verdict {
    switch self {
    case .full, .staysFull: return .full
    case .short:
      guard case .change(let change) = request, case .write(_, let bytes) = change.kind else { return .full }
      return .short(bytes.count / 2)
    case .fails, .readFails, .syncFails: return .fails
    case .locked: return .busy
    }
  }
}

/// Makes a fault strike at the `target`th operation that it can strike at.
final class Trigger: Sendable {
  private struct State {
    var isArmed = false
    var seen = 0
    var struck = 0
    var isDead = false
  }

  let fault: Fault
  private let target: Int
  private let state = Mutex(State())

  /// - Parameter target: counted from 0; a negative target only counts the operations.
  init(_ fault: Fault, at target: Int) {
    self.fault = fault
    self.target = target
  }

  var seen: Int { state.withLock { $0.seen } }
  var hasStruck: Bool { state.withLock { $0.struck > 0 } }
  /// Whether the process had to end.
  var isDead: Bool { state.withLock { $0.isDead } }

  func arm() { state.withLock { $0.isArmed = true } }
  /// Makes the disk sound again.
  func lift() { state.withLock { $0.isArmed = false } }
  /// Ends the process here: none of its later operations takes place.
  func die() { state.withLock { $0.isDead = true } }

  func decide(_ request: WatchedDisk.Request) -> WatchedDisk.Verdict {
    state.withLock { state in
      if state.isDead { return .fails }
      guard state.isArmed, fault.strikes(request) else { return .goesOn }
      defer { state.seen += 1 }
      let lasts = fault == .staysFull || fault == .locked
      guard state.seen == target || (lasts && target >= 0 && state.seen > target) else { return .goesOn }
      state.struck += 1
      return fault.verdict(request)
    }
  }
}
