package import IngestCore
import IngestIndex

/// `remove`: the document's chunks go, and a tombstone refuses older revisions.
package struct RemoveStep: Step {
  package static let declaration = StepKind(
    "remove", "Removes the document's chunks and leaves a tombstone.", subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let result = try await UpsertStep.inOpenGeneration {
      try await services.backend.remove(
        task.document, revision: task.revision, from: GenerationName(index: task.index, number: task.generation))
    }
    return try .written(task, result, chunks: 0)
  }
}
