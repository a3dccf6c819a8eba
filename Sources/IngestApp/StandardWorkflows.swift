package import IngestConfig
package import IngestCore
import IngestIntake
import IngestSteps

extension StepCatalogue {
  /// The kinds of step that every worker has.
  package static let standard = StepCatalogue(StepServices.kinds + [ScanStep.self])
}

/// The checks of workflows against the kinds of step that every worker has.
extension WorkflowLibrary {
  package static func load(folder: String?, isRequired: Bool = false) -> WorkflowLibrary {
    load(folder: folder, isRequired: isRequired, catalogue: .standard)
  }

  package static func check(
    file: String, among others: WorkflowLibrary? = nil
  ) throws(WorkflowError) -> WorkflowEntry {
    try check(file: file, among: others, catalogue: .standard)
  }
}
