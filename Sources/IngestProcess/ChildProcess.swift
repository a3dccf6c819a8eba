private import CSystem
private import Dispatch
private import Glibc
private import Synchronization

/// A running child. It is identified by its pidfd, so a signal cannot reach another process that later gets the same
/// number.
package final class ChildProcess: Sendable {
  private struct State {
    var status: ExitStatus?
    var waiters: [CheckedContinuation<ExitStatus, Never>] = []
  }

  package let pid: Int32
  private let pidfd: Int32
  private let state = Mutex(State())

  init(pid: Int32, pidfd: Int32) {
    self.pid = pid
    self.pidfd = pidfd
    let source = DispatchSource.makeReadSource(fileDescriptor: pidfd, queue: .global(qos: .userInitiated))
    // The source keeps the object alive until the child has ended, so the child is reaped even if nobody waits for it.
    source.setEventHandler { [self] in
      reap()
      source.cancel()
    }
    // Closed only here: while a source watches the descriptor, its number must not be reused for another file.
    source.setCancelHandler { close(pidfd) }
    source.activate()
  }

  /// Waits until the child has ended. Returns at once if it already has.
  package func exit() async -> ExitStatus {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state in
        if state.status == nil { state.waiters.append(continuation) }
        return state.status
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  /// The exit status. Nil while the child runs.
  package var status: ExitStatus? { state.withLock { $0.status } }

  /// Sends the signal. Has no effect after the child was reaped.
  package func signal(_ signal: Int32) {
    state.withLock { state in
      guard state.status == nil else { return }
      _ = ingestd_pidfd_send_signal(pidfd, signal)
    }
  }

  package func kill() { signal(SIGKILL) }

  /// The processor time that the child has used so far. Nil after it has ended.
  package var processorTime: Duration? {
    let nanoseconds = ingestd_cpu_time(pid)
    return nanoseconds < 0 ? nil : .nanoseconds(nanoseconds)
  }

  /// Sets the soft limit of the running child. The hard limit stays, so the soft limit can be raised again.
  /// - Parameter value: bytes, seconds or files, depending on the resource; at most the hard limit.
  package func limit(_ resource: Resource, to value: UInt64) {
    state.withLock { state in
      guard state.status == nil else { return }
      _ = ingestd_set_soft_limit(pid, resource.number, value)
    }
  }

  private func reap() {
    var info = siginfo_t()
    while ingestd_wait_pidfd(pidfd, &info) < 0, errno == EINTR {}
    let code = ingestd_siginfo_status(&info)
    let status: ExitStatus = ingestd_siginfo_exited(&info) != 0 ? .exited(code) : .signalled(code)
    let waiters = state.withLock { state in
      state.status = status
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }
}

/// A resource of a process that can be limited.
package enum Resource: Sendable, CaseIterable {
  /// Address space in bytes.
  case memory
  /// Processor time in seconds since the process started. It accumulates in a child that serves many requests.
  case processorTime
  /// The size in bytes of any file that the process writes.
  case fileSize
  /// The highest descriptor, plus one.
  case descriptors
  /// The size in bytes of a core dump.
  case coreSize

  var number: Int32 {
    switch self {
    case .memory: Int32(ingestd_limit_memory)
    case .processorTime: Int32(ingestd_limit_cpu)
    case .fileSize: Int32(ingestd_limit_file)
    case .descriptors: Int32(ingestd_limit_files)
    case .coreSize: Int32(ingestd_limit_core)
    }
  }
}
