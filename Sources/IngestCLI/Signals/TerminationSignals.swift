internal import Dispatch
@preconcurrency internal import Glibc
private import Synchronization

/// A signal that asks the process to end.
package enum TerminationSignal: Sendable, Hashable, CaseIterable {
  case interrupt
  case terminate

  package var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    }
  }

  /// 130 for SIGINT, 143 for SIGTERM, as shells report it.
  package var exitStatus: Int32 { 128 + number }
}

/// SIGINT and SIGTERM as values, for commands that stop in an orderly way.
package enum TerminationSignals {
  /// Returns a stream of the signals, and handles them until it ends; one stream at a time. The stream delivers the first
  /// signal. The second one ends the process at once with its exit status, because the user has asked twice.
  package static func stream() -> AsyncStream<TerminationSignal> {
    let (stream, continuation) = AsyncStream.makeStream(of: TerminationSignal.self)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return stream }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    let source = DispatchSource.makeReadSource(
      fileDescriptor: readEnd, queue: DispatchQueue(label: "ingestd.signals", qos: .userInitiated))
    source.setEventHandler {
      var number: UInt8 = 0
      while read(readEnd, &number, 1) == 1 {
        for signal in TerminationSignal.allCases where signal.number == Int32(number) { continuation.yield(signal) }
      }
    }
    source.setCancelHandler {
      close(readEnd)
      close(writeEnd)
    }
    source.activate()
    signalsSeen.store(0, ordering: .sequentiallyConsistent)
    signalPipe.store(writeEnd, ordering: .sequentiallyConsistent)
    install(noteSignal)
    let watch = SignalWatch(source: source)
    continuation.onTermination = { _ in
      install(SIG_DFL)
      signalPipe.store(-1, ordering: .sequentiallyConsistent)
      watch.source.cancel()
    }
    return stream
  }

  private static func install(_ handler: __sighandler_t?) {
    // A process inherits blocked signals from its parent.
    var set = sigset_t()
    sigemptyset(&set)
    for signal in TerminationSignal.allCases {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      action.sa_flags = SA_RESTART
      sigaction(signal.number, &action, nil)
      sigaddset(&set, signal.number)
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Ignores SIGPIPE, so that a write to a pipe without a reader fails with an error and does not kill the process.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}

/// The descriptor to which ``noteSignal`` writes. It is global because a signal handler has no context.
private let signalPipe = Atomic<Int32>(-1)
private let signalsSeen = Atomic<Int>(0)

/// The signal handler. It uses only calls that `signal-safety(7)` lists, and atomics.
private let noteSignal: @convention(c) (Int32) -> Void = { number in
  if signalsSeen.add(1, ordering: .sequentiallyConsistent).oldValue > 0 { _exit(128 + number) }
  let before = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = before
}

/// Unchecked, because a source may be cancelled from any thread, but its protocol does not say so.
private struct SignalWatch: @unchecked Sendable {
  let source: any DispatchSourceRead
}
