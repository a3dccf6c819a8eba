import IngestCore
import Synchronization

/// One step of one job.
struct StepName: Hashable, Sendable {
  var job: JobID
  var step: String
}

/// The steps that ran, and those whose checkpoints were acknowledged.
final class StepLog: Sendable {
  private struct State {
    var run: [StepName] = []
    var acknowledged: [StepName] = []
    var again: [StepName] = []
  }

  private let state = Mutex(State())

  var run: [StepName] { state.withLock { $0.run } }
  var acknowledged: [StepName] { state.withLock { $0.acknowledged } }

  /// Steps that ran again although their checkpoints had been acknowledged.
  var again: [StepName] { state.withLock { $0.again } }

  func note(run name: StepName) {
    state.withLock { state in
      if state.acknowledged.contains(name) { state.again.append(name) }
      state.run.append(name)
    }
  }

  func note(acknowledged name: StepName) { state.withLock { $0.acknowledged.append(name) } }
}
