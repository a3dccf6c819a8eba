package import IngestConfig
package import IngestCore
import IngestIntake
import IngestSteps

extension StepCatalogue {
  /// The kinds that come with ingestd: those of the steps that a worker has.
  package static let standard = StepCatalogue(StepServices.kinds + [ScanStep.self])
}

/// Workflows of the kinds that come with ingestd.
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
