import IngestCore
import IngestEngine
package import IngestProcess

/// The signals that a worker gets from its machine: wake signals, and the locks of other workers.
struct MachineSurroundings: WorkerSurroundings {
  let wake: any WakeSignal
  let liveness: any WorkerLiveness

  func signal() { wake.signal() }

  func wakes() -> AsyncStream<Void> { wake.wakes() }

  func announce(_ worker: WorkerID) throws -> any WorkerPresence { try liveness.announce(worker) }

  func isAlive(_ token: LivenessToken) -> Bool? { liveness.isAlive(token) }

  func death(of peer: WorkerRegistration) async -> Bool { await liveness.death(of: peer) }
}

extension WakeFile: WakeSignal {
  /// If the file cannot be watched, the stream ends at once and the worker polls.
  package func wakes() -> AsyncStream<Void> {
    (try? signals()) ?? AsyncStream { $0.finish() }
  }
}
