import IngestApp
import IngestOperations

extension CommandContext {
  /// The operations on the workflows of the data folder, if one exists, and on the built-in ones.
  func workflows() -> WorkflowOperations { WorkflowOperations(request().workflows) }
}
