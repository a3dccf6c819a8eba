package import IngestCore
package import IngestIndex

/// What people can ask for. Both front doors, command line and API, call these and nothing beneath.
package struct Operations: Sendable {
  package let submits: any SubmitStore
  package let jobs: any JobStore
  package let signals: any SignalStore
  package let documents: any DocumentStore
  package let generations: any GenerationStore
  package let limits: any LimitStore
  package let backend: any IndexBackend
  package let clock: any TimeSource
  /// Who asks, for the journal.
  package let actor: String

  package init(
    submits: any SubmitStore, jobs: any JobStore, signals: any SignalStore, documents: any DocumentStore,
    generations: any GenerationStore, limits: any LimitStore, backend: any IndexBackend, clock: any TimeSource,
    actor: String
  ) {
    self.submits = submits
    self.jobs = jobs
    self.signals = signals
    self.documents = documents
    self.generations = generations
    self.limits = limits
    self.backend = backend
    self.clock = clock
    self.actor = actor
  }

  /// The one index that comes into being by being submitted to.
  package static let implicitIndex = "docs"
}
