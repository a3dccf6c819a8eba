/// A kind of step. One value serves all jobs of a worker, many at a time.
package protocol Step: Sendable {
  /// What it does, takes and needs.
  static var declaration: StepKind { get }

  /// Runs one attempt. It may be run again after a crash from the last ``StepContext/save(_:)``, never after its
  /// checkpoint is stored. Cancellation of the task means stop at the next safe point.
  /// - Throws: ``FailureConvertible``; anything else counts as transient.
  func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput
}

extension Step {
  /// What `uses:` says.
  package static var kind: String { declaration.name }
}

/// What a step is given.
package struct StepInput: Sendable {
  package var job: JobID
  /// The step's id in its workflow.
  package var step: String
  /// The step's own settings.
  package var with: [String: Setting]
  /// JSON, as the job was queued with: what the caller gave, or what the store knows of the work.
  package var task: String
  /// The results of the steps before, by the kind of step, the last of each kind: JSON.
  package var results: [String: String]
  /// The results of the steps before, by their ids: JSON.
  package var resultsByID: [String: String]
  /// What the last ``StepContext/save(_:)`` or wait of this step kept; nil at first.
  package var cursor: String?
  /// What ended the step's wait; nil on a run that follows none.
  package var wake: Wake?
  /// What the job is about to die of: for its on-failure step.
  package var failure: Failure?
  /// From 1.
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

/// What a step leaves: stored as one checkpoint, in one transaction.
package struct StepOutput: Sendable {
  /// JSON of at most 8 KiB; larger things go to the blob store and leave their hash here.
  package var result: String
  /// Small blobs that are stored with the checkpoint.
  package var blobs: [Blob]
  /// Hashes of every blob, large or small, that ``result`` relies on: kept while the job needs them.
  package var references: [ContentHash]
  /// Changes outside the queue that become true with the checkpoint.
  package var effects: [any StepEffect]
  /// The job continues only when the jobs of its scope that were queued before this checkpoint have ended. A job without a
  /// scope continues at once.
  package var gathers: Bool
  /// The step is not done: it waits, with ``result`` as its cursor, and is run again. Effects, blobs and the like must be empty.
  package var wait: StepWait?
  /// Something was lost on the way that the workflow allows.
  package var degraded: Bool

  /// Bytes of ``result``, at most.
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

  /// Not done yet: the step is run again with this cursor when the wait is over.
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

/// How far a step is, for people.
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

/// Work of a step in flight that a crash must not undo.
package struct StepSave: Sendable, Hashable {
  package var progress: StepProgress
  /// Handed back as ``StepInput/cursor``; nil keeps the stored one.
  package var cursor: String?
  package var blobs: [Blob]
  package var references: [ContentHash]
  /// Child jobs that are made with it, of ``ChildBatch``; nil for none.
  package var children: ChildBatch?
  /// Lines for people, oldest first: shown by `job logs`. A few KiB at most.
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

/// What a running step may ask of the engine.
package struct StepContext: Sendable {
  package let clock: any TimeSource
  private let saving: @Sendable (StepSave) async throws -> Void

  package init(clock: any TimeSource, save: @escaping @Sendable (StepSave) async throws -> Void) {
    self.clock = clock
    self.saving = save
  }

  /// Commits work so far, under the job's fence. Call it at least each second of work.
  /// - Throws: when the lease is lost: stop, write nothing more.
  package func save(_ save: StepSave) async throws { try await saving(save) }
}
