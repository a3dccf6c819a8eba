package import IngestCore
import IngestIndex

/// The step `remove`: removes the document's chunks and leaves a tombstone, which refuses older revisions.
package struct RemoveStep: Step {
  package static let declaration = StepKind(
    "remove", "Removes the document's chunks and leaves a tombstone.", subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let name = GenerationName(index: task.index, number: task.generation)
    let backend = try await services.backends.backend(of: name)
    let result = try await UpsertStep.inOpenGeneration {
      try await backend.remove(task.document, revision: task.revision, from: name)
    }
    return try .written(task, result, chunks: 0)
  }
}
