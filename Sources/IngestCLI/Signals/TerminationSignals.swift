internal import Dispatch
internal import Glibc

/// A request to end, from a person or the system.
package enum TerminationSignal: Sendable, Hashable, CaseIterable {
  case interrupt
  case terminate

  package var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    }
  }

  /// 130 or 143, as shells report it.
  package var exitStatus: Int32 { 128 + number }
}

/// SIGINT and SIGTERM as values, for commands that end in order.
package enum TerminationSignals {
  /// Takes the signals over until the stream ends. The first is delivered; the second ends the process at once with
  /// its status, whatever it is doing, because the person has asked twice.
  /// - Parameter onSecond: called on a thread of its own just before the end; must be quick.
  package static func stream(onSecond: @escaping @Sendable () -> Void = {}) -> AsyncStream<TerminationSignal> {
    let (stream, continuation) = AsyncStream.makeStream(of: TerminationSignal.self)
    let queue = DispatchQueue(label: "ingestd.signals", qos: .userInitiated)
    let seen = SignalCount()
    let sources = TerminationSignal.allCases.map { signal in
      Glibc.signal(signal.number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: signal.number, queue: queue)
      source.setEventHandler {
        if seen.next() > 1 {
          onSecond()
          _exit(signal.exitStatus)
        }
        continuation.yield(signal)
      }
      source.activate()
      return SendableSource(source: source)
    }
    continuation.onTermination = { _ in
      for source in sources { source.source.cancel() }
      for signal in TerminationSignal.allCases { Glibc.signal(signal.number, SIG_DFL) }
    }
    return stream
  }

  /// Writing to a pipe that nobody reads is an error to be told, not a death.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
