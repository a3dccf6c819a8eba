package import IngestCore
package import IngestDocuments

/// The surroundings of operations in a program that has no configuration and no files, such as a simulation: no
/// workflows, no embedders, no files, and every registered worker alive.
package struct Unconfigured: OperationSettings, WorkflowCatalogue, DocumentTexts, LivingWorkers,
  BlobIntake
{
  package init() {}

  package func embedderName(forIndex index: String) -> String { "" }
  package func chunker(forIndex index: String) -> ChunkerSettings { ChunkerSettings() }
  package var parser: String { "" }
  package var keyLife: Duration { SubmitRequest.standardKeyLife }

  package func embedder(named name: String) throws -> EmbedderSpec {
    throw Failure(
      .permanent, code: "EMBEDDER_UNKNOWN", "There is no embedder '\(name)'.", hint: "None is configured.",
      category: .notFound)
  }

  package func flow() throws -> ConfiguredFlow { ConfiguredFlow(limits: [], sources: [], fingerprint: "") }
  package func schedules() throws -> [String: ScheduleSpec] { [:] }

  package func listing() throws -> WorkflowListing { WorkflowListing(workflows: [], broken: []) }

  package func workflow(_ name: String) throws -> ListedWorkflow { throw Self.noWorkflow(name) }
  package func check(file: String) throws -> WorkflowCheck { throw Self.noWorkflow(file) }

  private static func noWorkflow(_ name: String) -> Failure {
    Failure(
      .permanent, code: "WORKFLOW_NOT_FOUND", "There is no workflow called \(name).", hint: "None is configured.",
      category: .notFound)
  }

  package func drawing(of workflow: WorkflowDefinition, in format: WorkflowDrawing) -> String { "" }

  package func pages(of content: ContentHash, parser: String) async throws -> [ParsedPage]? { nil }
  package func isAlive(_ worker: StatusReport.Worker) -> Bool { true }

  package func look(
    at paths: [String], accepts: @escaping @Sendable (_ head: [UInt8]) -> Bool
  ) async throws -> [IntakeResult] {
    throw Self.noBlobs
  }

  package func store(path: String, as hash: ContentHash, size: Int) async throws { throw Self.noBlobs }
  package func take(descriptor: Int32, limit: Int?) async throws -> SubmitRequest.Change { throw Self.noBlobs }

  private static var noBlobs: Failure {
    Failure(.permanent, code: "BLOBS_READ_ONLY", "No files can be taken in.", hint: "None are kept here.")
  }
}
