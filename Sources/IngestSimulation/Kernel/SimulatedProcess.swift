/// What would be a process of its own: everything that it runs goes through this executor, so that it can be stopped
/// between any two steps, for a while or for good, and nothing of it can run meanwhile.
///
/// `@unchecked`: confined to the kernel's thread.
final class SimulatedProcess: TaskExecutor, @unchecked Sendable {
  enum State {
    case running
    /// As by SIGSTOP: it goes on where it was, not knowing that time has passed.
    case stopped
    /// As by SIGKILL.
    case killed
    /// The run is over: what is left is unwound with every door shut, so that its memory is given back.
    case unwinding
  }

  let name: String
  private let kernel: SimulationKernel
  private(set) var state = State.running
  private var heldJobs: [UnownedJob] = []
  private var heldTimers: [() -> Void] = []
  private var limbo: [UnsafeContinuation<Void, Never>] = []

  init(_ name: String, kernel: SimulationKernel) {
    self.name = name
    self.kernel = kernel
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    switch state {
    case .running, .unwinding: kernel.enqueue(job, on: self)
    case .stopped, .killed: heldJobs.append(job)
    }
  }

  /// Starts a task of this process, the root of all that it does.
  func start(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task(executorPreference: self, operation: body)
  }

  func stop() { hold(.stopped) }
  func kill() { hold(.killed) }

  private func hold(_ next: State) {
    guard state == .running || state == .stopped else { return }
    state = next
    heldJobs += kernel.withdraw(self)
  }

  func resume() {
    guard state == .stopped else { return }
    release(.running)
  }

  func unwind() {
    guard state != .unwinding else { return }
    release(.unwinding)
    let ended = limbo
    limbo = []
    for continuation in ended { continuation.resume() }
  }

  private func release(_ next: State) {
    state = next
    let (jobs, timers) = (heldJobs, heldTimers)
    (heldJobs, heldTimers) = ([], [])
    for job in jobs { kernel.enqueue(job, on: self) }
    for ring in timers { ring() }
  }

  /// Rings on this process's behalf: not before it goes on, where it is stopped.
  func schedule(after microseconds: Int64, _ ring: @escaping () -> Void) -> Int {
    kernel.schedule(after: microseconds) { [self] in
      switch state {
      case .running, .unwinding: ring()
      case .stopped, .killed: heldTimers.append(ring)
      }
    }
  }

  func cancel(_ timer: Int) { kernel.cancel(timer) }

  /// Where a task of a process goes that was killed by what the task itself did.
  func never() async {
    await withUnsafeContinuation { continuation in
      if state == .unwinding { continuation.resume() } else { limbo.append(continuation) }
    }
  }
}
