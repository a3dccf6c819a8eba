import IngestConfig
import IngestCore
package import IngestOperations

/// The workflows in files and in the binary. Each call reads them again: a user's files may change while a program runs.
struct FileWorkflows: WorkflowCatalogue {
  let load: @Sendable () throws -> WorkflowLibrary

  func listing() throws -> WorkflowListing {
    let library = try load()
    return WorkflowListing(
      workflows: library.entries.map(ListedWorkflow.init),
      broken: library.broken.map { broken in
        WorkflowListing.Broken(
          name: broken.name, file: broken.file,
          mistakes: broken.diagnostics.sorted().map { WorkflowMistake($0, file: broken.file) })
      })
  }

  func workflow(_ name: String) throws -> ListedWorkflow { ListedWorkflow(try load().get(name)) }

  func check(file: String) throws -> WorkflowCheck {
    do {
      return .sound(ListedWorkflow(try WorkflowLibrary.check(file: file, among: try load())))
    } catch WorkflowError.invalid(_, let diagnostics) {
      return .mistakes(diagnostics.sorted().map { WorkflowMistake($0, file: file) })
    }
  }

  func drawing(of workflow: WorkflowDefinition, in format: WorkflowDrawing) -> String {
    switch format {
    case .text: WorkflowGraph.text(workflow)
    case .dot: WorkflowGraph.dot(workflow)
    case .mermaid: WorkflowGraph.mermaid(workflow)
    }
  }
}

extension ListedWorkflow {
  init(_ entry: WorkflowEntry) {
    self.init(definition: entry.definition, version: entry.version, origin: entry.origin.description)
  }
}

extension WorkflowMistake {
  /// - Parameter file: the file if the diagnostic names none.
  init(_ diagnostic: Diagnostic, file: String) {
    self.init(
      file: diagnostic.origin.file ?? file, line: diagnostic.origin.line, column: diagnostic.origin.column,
      message: diagnostic.message, hint: diagnostic.hint, located: diagnostic.description)
  }
}

extension InstallationRequest {
  /// The workflows of the data folder, if one exists, and the built-in ones.
  package var workflows: any WorkflowCatalogue { FileWorkflows { try workflowLibrary() } }
}
