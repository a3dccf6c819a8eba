package import IngestCore
package import IngestIndex

/// Every use case of the product. Front doors call these operations and nothing below them.
///
/// One value serves one request, and carries the request's actor.
package struct Operations: Sendable {
  let parts: OperationParts
  /// The caller. The journal names the actor beside each change.
  package let actor: Actor

  package init(_ parts: OperationParts, actor: Actor) {
    self.parts = parts
    self.actor = actor
  }

  /// The only index that a submit creates.
  package static let implicitIndex = "docs"

  package var submits: any SubmitStore { parts.submits }
  package var jobs: any JobStore { parts.jobs }
  package var signals: any SignalStore { parts.signals }
  package var documents: any DocumentStore { parts.documents }
  package var generations: any GenerationStore { parts.generations }
  package var limits: any LimitStore { parts.limits }
  package var breakers: any BreakerStore { parts.breakers }
  var schedules: any ScheduleStore { parts.schedules }
  package var backends: BackendRegistry { parts.backends }
  package var clock: any TimeSource { parts.clock }
  var settings: any OperationSettings {
    get throws(Failure) { try part(parts.settings, "configuration") }
  }
  var workflows: any WorkflowCatalogue {
    get throws(Failure) { try part(parts.workflows, "workflow files") }
  }
  var texts: any DocumentTexts {
    get throws(Failure) { try part(parts.texts, "texts of documents") }
  }
  var blobs: any BlobIntake {
    get throws(Failure) { try part(parts.blobs, "files") }
  }
  func collectBlobs() async throws { try await parts.collectBlobs() }
  /// The actor in the form that the store takes.
  package var actorText: String { actor.description }

  /// - Throws: `PART_MISSING` in a program that does without the part, such as a simulation.
  private func part<Part>(_ part: Part?, _ name: String) throws(Failure) -> Part {
    if let part { return part }
    throw Failure(
      .permanent, code: "PART_MISSING", "This program has no \(name).", hint: "Use a program that has it.",
      category: .refused)
  }
}
