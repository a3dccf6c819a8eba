private import CSystem
private import Dispatch
private import Glibc
private import Synchronization

/// A serial executor with a thread of its own, for actors that block in system calls or that need one lasting thread.
///
/// On a small machine a blocked thread of the shared pool would stop everything else. The thread ends when the executor
/// is released; a queued job keeps the executor alive.
package final class ThreadExecutor: SerialExecutor {
  fileprivate struct Entry {
    var job: UnownedJob
    var executor: UnownedSerialExecutor
    /// Keeps the executor alive until its job has run.
    var owner: ThreadExecutor
  }

  fileprivate final class Work: Sendable {
    struct State {
      var entries: [Entry] = []
      var stopped = false
    }
    let state = Mutex(State())
    let ready = DispatchSemaphore(value: 0)
  }

  private let work = Work()

  /// - Parameter name: the thread's name in `top -H`. The kernel keeps 15 bytes.
  package init(name: String) {
    Self.begin(Start(name: name, work: work))
  }

  deinit {
    work.state.withLock { $0.stopped = true }
    work.ready.signal()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let entry = Entry(job: UnownedJob(job), executor: asUnownedSerialExecutor(), owner: self)
    work.state.withLock { $0.entries.append(entry) }
    work.ready.signal()
  }

  fileprivate final class Start: Sendable {
    let name: String
    let work: Work

    init(name: String, work: Work) {
      self.name = name
      self.work = work
    }
  }

  private static func begin(_ start: Start) {
    let argument = Unmanaged.passRetained(start).toOpaque()
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, threadMain, argument)
    precondition(status == 0, "cannot create a thread: error \(status)")
    pthread_detach(thread)
  }

  fileprivate static func loop(_ start: Start) {
    _ = ingestd_name_thread(start.name)
    let work = start.work
    while true {
      work.ready.wait()
      let (entries, stopped) = work.state.withLock { state in
        defer { state.entries = [] }
        return (state.entries, state.stopped)
      }
      for entry in entries { entry.job.runSynchronously(on: entry.executor) }
      if stopped { return }
    }
  }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument { ThreadExecutor.loop(Unmanaged<ThreadExecutor.Start>.fromOpaque(argument).takeRetainedValue()) }
  return nil
}
