import IngestCore
import Synchronization

/// One step of one job.
struct StepName: Hashable, Sendable {
  var job: JobID
  var step: String
}

/// Which steps were run, by whom they were acknowledged.
final class StepLog: Sendable {
  private struct State {
    var run: [StepName] = []
    var acknowledged: [StepName] = []
  }

  private let state = Mutex(State())

  var run: [StepName] { state.withLock { $0.run } }
  var acknowledged: [StepName] { state.withLock { $0.acknowledged } }

  func note(run name: StepName) { state.withLock { $0.run.append(name) } }
  func note(acknowledged name: StepName) { state.withLock { $0.acknowledged.append(name) } }
}
