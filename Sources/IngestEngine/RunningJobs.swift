import IngestCore
private import Synchronization

/// The jobs that a worker runs now, each with the way to stop it.
final class RunningJobs: Sendable {
  /// One running job; stopping it cancels its task.
  final class Handle: Sendable {
    let lease: Lease
    private let reason = Mutex<StopReason?>(nil)
    private let bell = Doorbell()

    init(lease: Lease) {
      self.lease = lease
    }

    /// The first reason counts, but a lost lease overrides: nothing may be written then.
    func stop(_ why: StopReason) {
      reason.withLock { reason in
        if case .leaseLost = why { reason = why } else if reason == nil { reason = why }
      }
      bell.ring()
    }

    var stopReason: StopReason { reason.withLock { $0 } ?? .shutdown }

    /// Runs the operation until it ends by itself or ``stop(_:)`` has cancelled it.
    func run(_ operation: @escaping @Sendable () async -> Void) async {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await operation() }
        group.addTask { [bell] in await bell.wait() }
        await group.next()
        group.cancelAll()
      }
    }
  }

  private struct State {
    var handles: [Int64: Handle] = [:]
    var isAlone = false
  }

  private let state = Mutex(State())

  func add(_ job: ClaimedJob) -> Handle {
    let handle = Handle(lease: job.lease)
    state.withLock { state in
      state.handles[job.lease.key] = handle
      state.isAlone = job.alone
    }
    return handle
  }

  func remove(_ handle: Handle) {
    state.withLock { state in
      if state.handles[handle.lease.key] === handle { state.handles[handle.lease.key] = nil }
      if state.handles.isEmpty { state.isAlone = false }
    }
  }

  var count: Int { state.withLock { $0.handles.count } }
  /// Whether the one that runs must have the process to itself.
  var isAlone: Bool { state.withLock { $0.isAlone } }
  var leases: [Lease] { state.withLock { $0.handles.values.map(\.lease) } }

  func stop(_ leases: [Lease], _ reason: StopReason) {
    let found = state.withLock { state in
      leases.compactMap { lease in
        state.handles[lease.key].flatMap { $0.lease == lease ? $0 : nil }
      }
    }
    for handle in found { handle.stop(reason) }
  }

  func stopAll(_ reason: StopReason) {
    for handle in state.withLock({ Array($0.handles.values) }) { handle.stop(reason) }
  }
}
