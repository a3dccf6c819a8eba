internal import Dispatch
@preconcurrency internal import Glibc
private import Synchronization

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
  /// Takes the signals over until the stream ends; one stream at a time. The first signal is delivered; the second ends
  /// the process at once with its status, whatever it is doing, because the person has asked twice.
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
    // A parent may have blocked them, and a process inherits that.
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

  /// Writing to a pipe that nobody reads is an error to be told, not a death.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}

/// Where ``noteSignal`` writes; a handler can be given nothing.
private let signalPipe = Atomic<Int32>(-1)
private let signalsSeen = Atomic<Int>(0)

/// Runs as a signal handler: only calls that `signal-safety(7)` lists, and atomics.
private let noteSignal: @convention(c) (Int32) -> Void = { number in
  if signalsSeen.add(1, ordering: .sequentiallyConsistent).oldValue > 0 { _exit(128 + number) }
  let before = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = before
}

/// A source may be cancelled from any thread, but the protocol's declaration does not say so.
private struct SignalWatch: @unchecked Sendable {
  let source: any DispatchSourceRead
}
