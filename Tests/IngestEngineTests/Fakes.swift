import IngestCore
import IngestEngine
import Synchronization

/// The events that a worker reported.
final class Events: Sendable {
  private let state = Mutex<[WorkerEvent]>([])

  func add(_ event: WorkerEvent) { state.withLock { $0.append(event) } }

  private func count(_ test: (WorkerEvent) -> Bool) -> Int { state.withLock { $0.filter(test).count } }

  func hasLost(_ job: JobID) -> Bool { count { if case .leaseLost(job) = $0 { true } else { false } } > 0 }
  func hasLeftBehind(_ job: JobID) -> Bool {
    count { if case .stepLeftBehind(job, _) = $0 { true } else { false } } > 0
  }
  func hasSeenDeath(of peer: WorkerID) -> Bool {
    count { if case .peerDied(peer, jobs: 1) = $0 { true } else { false } } > 0
  }
  func hasDied(_ job: JobID, of code: String) -> Bool {
    count { if case .ended(job, .dead(let attempt)) = $0 { attempt.failure.code == code } else { false } } == 1
  }
  var firings: Int { count { if case .scheduleFired = $0 { true } else { false } } }
  var storeFailures: Int { count { if case .storeFailed = $0 { true } else { false } } }
}

/// Surroundings in which the test makes the wake signals and the deaths.
final class FakeSurroundings: WorkerSurroundings {
  private struct State {
    var wakes: [AsyncStream<Void>.Continuation] = []
    var dead: Set<WorkerID> = []
    /// The streams that end when their worker dies.
    var watches: [WorkerID: [AsyncStream<Never>.Continuation]] = [:]
  }

  private let state = Mutex(State())

  func wake() {
    for stream in state.withLock({ $0.wakes }) { stream.yield() }
  }

  func signal() { wake() }

  func kill(_ worker: WorkerID) {
    let watches = state.withLock { state in
      state.dead.insert(worker)
      return state.watches.removeValue(forKey: worker) ?? []
    }
    for watch in watches { watch.finish() }
  }

  func announce(_ worker: WorkerID) throws -> any WorkerPresence {
    FakePresence(token: LivenessToken(rawValue: worker.rawValue))
  }

  func isAlive(_ token: LivenessToken) -> Bool? {
    state.withLock { !$0.dead.contains(WorkerID(rawValue: token.rawValue)) }
  }

  func wakes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    state.withLock { $0.wakes.append(continuation) }
    return stream
  }

  func death(of peer: WorkerRegistration) async -> Bool {
    let (stream, watch) = AsyncStream.makeStream(of: Never.self)
    let isDead = state.withLock { state in
      state.watches[peer.id, default: []].append(watch)
      return state.dead.contains(peer.id)
    }
    if isDead { return true }
    // Ends with the worker's death, or when this task is cancelled.
    for await _ in stream {}
    return state.withLock { $0.dead.contains(peer.id) }
  }
}

private final class FakePresence: WorkerPresence {
  let token: LivenessToken

  init(token: LivenessToken) { self.token = token }

  func release() {}
}
