/// The facts about a job that an action over many jobs decides from.
package struct JobSubject: Hashable, Sendable {
  package var id: String
  package var state: JobState
  /// A ``QueuedReason`` while the job is queued.
  package var reason: String?
  package var revision: Int?
  /// The store's key of its document.
  package var document: Int64?
  package var generation: Int64?
  package var isChild: Bool

  package init(
    id: String, state: JobState, reason: String? = nil, revision: Int? = nil, document: Int64? = nil,
    generation: Int64? = nil, isChild: Bool = false
  ) {
    self.id = id
    self.state = state
    self.reason = reason
    self.revision = revision
    self.document = document
    self.generation = generation
    self.isChild = isChild
  }
}

/// The facts that a store must find out before a job can be redriven or replayed.
package struct RerunFacts: Sendable {
  /// Whether its generation was deleted.
  package var isGenerationGone: Bool
  /// The wanted revision of its document; nil for a job without a document.
  package var wantedRevision: Int?
  /// The revisions of the other open jobs of its document in its generation. For a job without a document: one entry
  /// for each open job of the same task.
  package var openRevisions: [Int?]
  package var task: String
  package var singleton: String?
  /// Another open job of the same singleton.
  package var singletonHolder: String?
  package var workflow: PinnedWorkflow
  package var finished: [StepPlan.Finished]
  /// Whether every blob that its checkpoints rely on still exists. An ended job does not protect its blobs from
  /// collection.
  package var areBlobsKept: Bool

  package init(
    isGenerationGone: Bool = false, wantedRevision: Int? = nil, openRevisions: [Int?] = [], task: String = "{}",
    singleton: String? = nil, singletonHolder: String? = nil, workflow: PinnedWorkflow,
    finished: [StepPlan.Finished] = [], areBlobsKept: Bool = true
  ) {
    self.isGenerationGone = isGenerationGone
    self.wantedRevision = wantedRevision
    self.openRevisions = openRevisions
    self.task = task
    self.singleton = singleton
    self.singletonHolder = singletonHolder
    self.workflow = workflow
    self.finished = finished
    self.areBlobsKept = areBlobsKept
  }
}
