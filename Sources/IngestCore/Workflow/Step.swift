/// A kind of step. A worker shares one instance among all its jobs, so a step must be safe for concurrent use.
package protocol Step: Sendable {
  /// The declaration of what the step does, takes and needs.
  static var declaration: StepKind { get }

  /// Runs one attempt. After a crash it may run again from the last ``StepContext/save(_:)``, but never after its
  /// checkpoint is stored. If the task is cancelled, it stops at the next safe point.
  /// - Throws: ``FailureConvertible``; any other error counts as transient.
  func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput
}

extension Step {
  /// The name under `uses:`.
  package static var kind: String { declaration.name }
}

/// The input of a step.
package struct StepInput: Sendable {
  package var job: JobID
  /// The step's id in its workflow.
  package var step: String
  /// The step's own settings.
  package var with: [String: Setting]
  /// JSON, as the job was queued: the caller's input, or the store's description of the work.
  package var task: String
  /// The results of earlier steps by kind of step, the last of each kind: JSON.
  package var results: [String: String]
  /// The results of earlier steps by step id: JSON.
  package var resultsByID: [String: String]
  /// The cursor that the last ``StepContext/save(_:)`` or wait of this step stored; nil at first.
  package var cursor: String?
  /// The event that ended the step's wait; nil on a run that follows no wait.
  package var wake: Wake?
  /// For an on-failure step: the failure that makes the job a dead letter.
  package var failure: Failure?
  /// Counted from 1.
  package var attempt: Int

  package init(
    job: JobID, step: String = "", with: [String: Setting] = [:], task: String, results: [String: String] = [:],
    resultsByID: [String: String] = [:], cursor: String? = nil, wake: Wake? = nil, failure: Failure? = nil,
    attempt: Int = 1
  ) {
    self.job = job
    self.step = step
    self.with = with
    self.task = task
    self.results = results
    self.resultsByID = resultsByID
    self.cursor = cursor
    self.wake = wake
    self.failure = failure
    self.attempt = attempt
  }
}

/// The output of a step, stored as one checkpoint in one transaction.
package struct StepOutput: Sendable {
  /// JSON of at most 8 KiB. A step puts larger results into the blob store and their hashes here.
  package var result: String
  /// Small blobs that are stored with the checkpoint.
  package var blobs: [Blob]
  /// Hashes of every blob, large or small, that ``result`` relies on. Blobs are kept while the job needs them.
  package var references: [ContentHash]
  /// Changes outside the queue that take effect in the checkpoint's transaction.
  package var effects: [any StepEffect]
  /// Whether the job waits until all jobs of its scope that were queued before this checkpoint have ended. A job
  /// without a scope continues at once.
  package var gathers: Bool
  /// Set while the step is not done: it waits, with ``result`` as its cursor, and runs again. Effects, blobs and the
  /// like must be empty.
  package var wait: StepWait?
  /// Whether something was lost that the workflow allows to be lost.
  package var degraded: Bool

  /// The largest ``result``, in bytes.
  package static let resultLimit = 8 * 1024

  package init(
    result: String = "{}", blobs: [Blob] = [], references: [ContentHash] = [], effects: [any StepEffect] = [],
    gathers: Bool = false, degraded: Bool = false
  ) {
    self.result = result
    self.blobs = blobs
    self.references = references
    self.effects = effects
    self.gathers = gathers
    self.degraded = degraded
  }

  /// Returns the output of a step that is not done: the step runs again with this cursor when the wait is over.
  package static func waiting(for wait: StepWait, cursor: String = "{}") -> StepOutput {
    var output = StepOutput(result: cursor)
    output.wait = wait
    return output
  }
}

extension StepOutput: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.result == right.result && left.blobs == right.blobs && left.references == right.references
      && left.effects.map { AnyHashable($0) } == right.effects.map { AnyHashable($0) } && left.gathers == right.gathers
      && left.wait == right.wait && left.degraded == right.degraded
  }
}

/// The progress of a step, for people.
package struct StepProgress: Codable, Hashable, Sendable {
  package var done: Int
  package var total: Int?
  /// `pages`, `chunks`, `documents`.
  package var unit: String

  package init(done: Int, total: Int? = nil, unit: String) {
    self.done = done
    self.total = total
    self.unit = unit
  }
}

/// Progress of a running step that a crash must not undo.
package struct StepSave: Sendable, Hashable {
  package var progress: StepProgress
  /// The next run receives it as ``StepInput/cursor``; nil keeps the stored one.
  package var cursor: String?
  package var blobs: [Blob]
  package var references: [ContentHash]
  /// Child jobs that the store makes in the same transaction; nil for none.
  package var children: ChildBatch?
  /// Log lines for people, oldest first, which `job logs` prints. A few KiB at most.
  package var log: [String]

  package init(
    progress: StepProgress, cursor: String? = nil, blobs: [Blob] = [], references: [ContentHash] = [],
    children: ChildBatch? = nil, log: [String] = []
  ) {
    self.progress = progress
    self.cursor = cursor
    self.blobs = blobs
    self.references = references
    self.children = children
    self.log = log
  }
}

/// The operations of the engine that a running step may use.
package struct StepContext: Sendable {
  package let clock: any TimeSource
  private let saving: @Sendable (StepSave) async throws -> Void

  package init(clock: any TimeSource, save: @escaping @Sendable (StepSave) async throws -> Void) {
    self.clock = clock
    self.saving = save
  }

  /// Commits the progress so far, guarded by the job's fence. Call it at least once each second of work.
  /// - Throws: when the lease is lost. The step then stops and writes nothing more.
  package func save(_ save: StepSave) async throws { try await saving(save) }
}
