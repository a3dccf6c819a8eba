package import IngestCore
package import IngestIndex

/// The stores and other parts that operations use. The composition root makes one for each data folder.
package struct OperationParts: Sendable {
  package var submits: any SubmitStore
  package var enqueues: any EnqueueStore
  package var jobs: any JobStore
  package var signals: any SignalStore
  package var documents: any DocumentStore
  package var generations: any GenerationStore
  package var limits: any LimitStore
  package var breakers: any BreakerStore
  package var schedules: any ScheduleStore
  package var backends: BackendRegistry
  /// Nil in a program that does not search.
  package var searcher: Searcher?
  package var zones: any TimeZoneSource
  package var clock: any TimeSource
  /// Nil in a program without a configuration. An operation that needs a part that is nil throws `PART_MISSING`.
  package var settings: (any OperationSettings)?
  package var workflows: (any WorkflowCatalogue)?
  /// The kinds of step that workers run.
  package var steps: StepCatalogue
  package var texts: (any DocumentTexts)?
  /// Nil: every registered worker counts as alive.
  package var liveness: (any LivingWorkers)?
  package var blobs: (any BlobIntake)?
  /// The path of the data folder, for people.
  package var place: String
  package var collectBlobs: @Sendable () async throws -> Void

  package init(
    submits: any SubmitStore, enqueues: any EnqueueStore, jobs: any JobStore, signals: any SignalStore,
    documents: any DocumentStore,
    generations: any GenerationStore, limits: any LimitStore, breakers: any BreakerStore,
    schedules: any ScheduleStore, backends: BackendRegistry, searcher: Searcher? = nil, zones: any TimeZoneSource,
    clock: any TimeSource,
    settings: (any OperationSettings)? = nil, workflows: (any WorkflowCatalogue)? = nil,
    steps: StepCatalogue = StepCatalogue([] as [any Step.Type]),
    texts: (any DocumentTexts)? = nil, liveness: (any LivingWorkers)? = nil, blobs: (any BlobIntake)? = nil,
    place: String = "", collectBlobs: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.submits = submits
    self.enqueues = enqueues
    self.jobs = jobs
    self.signals = signals
    self.documents = documents
    self.generations = generations
    self.limits = limits
    self.breakers = breakers
    self.schedules = schedules
    self.backends = backends
    self.searcher = searcher
    self.zones = zones
    self.clock = clock
    self.settings = settings
    self.workflows = workflows
    self.steps = steps
    self.texts = texts
    self.liveness = liveness
    self.blobs = blobs
    self.place = place
    self.collectBlobs = collectBlobs
  }
}
