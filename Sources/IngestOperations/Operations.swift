package import IngestCore
package import IngestIndex

/// What people can ask for. Every front door calls these operations and nothing beneath.
///
/// One value serves one request: it carries who asks.
package struct Operations: Sendable {
  let parts: OperationParts
  /// Who asks; the journal names the actor beside each change.
  package let actor: Actor

  package init(_ parts: OperationParts, actor: Actor) {
    self.parts = parts
    self.actor = actor
  }

  /// The one index that comes into being by being submitted to.
  package static let implicitIndex = "docs"

  package var submits: any SubmitStore { parts.submits }
  package var jobs: any JobStore { parts.jobs }
  package var signals: any SignalStore { parts.signals }
  package var documents: any DocumentStore { parts.documents }
  package var generations: any GenerationStore { parts.generations }
  package var limits: any LimitStore { parts.limits }
  package var breakers: any BreakerStore { parts.breakers }
  package var schedules: ScheduleOperations {
    ScheduleOperations(store: parts.schedules, zones: parts.zones, clock: parts.clock, actor: actor)
  }
  /// Starts of workflows by themselves.
  var runs: RunOperations {
    RunOperations(store: parts.enqueues, catalogue: parts.steps, clock: parts.clock, actor: actor) { [workflows] in
      try workflows.workflow($0).pinned
    }
  }
  package var backends: BackendRegistry { parts.backends }
  package var clock: any TimeSource { parts.clock }
  var settings: any OperationSettings { parts.settings }
  var workflows: any WorkflowCatalogue { parts.workflows }
  var texts: any DocumentTexts { parts.texts }
  var liveness: any LivingWorkers { parts.liveness }
  var blobs: any BlobIntake { parts.blobs }
  func collectBlobs() async throws { try await parts.collectBlobs() }
  /// As the store takes it.
  package var actorText: String { actor.description }
}
