import IngestApp
import IngestOperations

extension CommandContext {
  /// Returns the operations on the built-in workflows and those of the data folder, if one exists.
  func workflows() -> WorkflowOperations { WorkflowOperations(request().workflows) }
}
