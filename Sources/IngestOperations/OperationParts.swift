package import IngestCore
package import IngestIndex

/// What operations stand on. The composition root makes one for each data folder.
package struct OperationParts: Sendable {
  package var submits: any SubmitStore
  package var jobs: any JobStore
  package var signals: any SignalStore
  package var documents: any DocumentStore
  package var generations: any GenerationStore
  package var limits: any LimitStore
  package var breakers: any BreakerStore
  package var schedules: any ScheduleStore
  package var backend: any IndexBackend
  package var zones: any TimeZoneSource
  package var clock: any TimeSource

  package init(
    submits: any SubmitStore, jobs: any JobStore, signals: any SignalStore, documents: any DocumentStore,
    generations: any GenerationStore, limits: any LimitStore, breakers: any BreakerStore,
    schedules: any ScheduleStore, backend: any IndexBackend, zones: any TimeZoneSource, clock: any TimeSource
  ) {
    self.submits = submits
    self.jobs = jobs
    self.signals = signals
    self.documents = documents
    self.generations = generations
    self.limits = limits
    self.breakers = breakers
    self.schedules = schedules
    self.backend = backend
    self.zones = zones
    self.clock = clock
  }
}
