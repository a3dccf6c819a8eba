/// A simulated process. Everything it runs goes through this executor, so the process can be stopped between any two
/// jobs, for a while or for good, and none of its code runs meanwhile.
///
/// `@unchecked`: confined to the kernel's thread.
final class SimulatedProcess: TaskExecutor, @unchecked Sendable {
  enum State {
    case running
    /// As after SIGSTOP: it later continues where it was and does not know that time has passed.
    case stopped
    /// As after SIGKILL.
    case killed
    /// The run is over: the remaining tasks are unwound while all calls to the outside throw, so that their memory is
    /// freed.
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

  /// Starts a root task of this process.
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

  /// Schedules a timer of this process. While the process is stopped the timer does not fire; it fires when the process
  /// continues.
  func schedule(after microseconds: Int64, _ ring: @escaping () -> Void) -> Int {
    kernel.schedule(after: microseconds) { [self] in
      switch state {
      case .running, .unwinding: ring()
      case .stopped, .killed: heldTimers.append(ring)
      }
    }
  }

  func cancel(_ timer: Int) { kernel.cancel(timer) }

  /// Suspends forever a task that killed its own process. Returns only when the run is unwound.
  func never() async {
    await withUnsafeContinuation { continuation in
      if state == .unwinding { continuation.resume() } else { limbo.append(continuation) }
    }
  }
}
