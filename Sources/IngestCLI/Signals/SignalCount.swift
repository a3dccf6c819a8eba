internal import Dispatch
private import Synchronization

/// How many signals came.
final class SignalCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// `DispatchSource` objects may be cancelled from any thread, but their protocol does not say so.
struct SendableSource: @unchecked Sendable {
  let source: any DispatchSourceSignal
}
