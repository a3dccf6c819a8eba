package import IngestCore

/// The workflow files of a data folder and the built-in workflows. The composition root reads them.
package protocol WorkflowCatalogue: Sendable {
  /// Reads all files in their present state.
  func listing() throws -> WorkflowListing
  /// Returns the current workflow of this name.
  /// - Throws: `WORKFLOW_NOT_FOUND` with the nearest name, `WORKFLOW_INVALID` with every mistake.
  func workflow(_ name: String) throws -> ListedWorkflow
  /// Checks one file as if it were in the workflow folder.
  func check(file: String) throws -> WorkflowCheck
  /// Draws a workflow's steps.
  func drawing(of workflow: WorkflowDefinition, in format: WorkflowDrawing) -> String
}

/// A workflow that can run.
package struct ListedWorkflow: Hashable, Sendable {
  package var definition: WorkflowDefinition
  package var version: ContentHash
  /// `built in`, or the path of its file.
  package var origin: String

  package init(definition: WorkflowDefinition, version: ContentHash, origin: String) {
    self.definition = definition
    self.version = version
    self.origin = origin
  }

  /// The workflow in the form that a job keeps.
  package var pinned: PinnedWorkflow { PinnedWorkflow(version: version, definition: definition) }
}

/// All workflows, from one reading of the files.
package struct WorkflowListing: Sendable {
  /// A file with mistakes. Its workflow cannot run, and neither can a built-in one of the same name.
  package struct Broken: Sendable {
    package var name: String
    package var file: String
    /// Never empty; in the order of the file.
    package var mistakes: [WorkflowMistake]

    package init(name: String, file: String, mistakes: [WorkflowMistake]) {
      self.name = name
      self.file = file
      self.mistakes = mistakes
    }
  }

  /// By name.
  package var workflows: [ListedWorkflow]
  /// By file.
  package var broken: [Broken]

  package init(workflows: [ListedWorkflow], broken: [Broken]) {
    self.workflows = workflows
    self.broken = broken
  }

  /// Returns whether any file, valid or not, has a workflow of this name.
  func has(_ name: String) -> Bool {
    workflows.contains { $0.definition.name == name } || broken.contains { $0.name == name }
  }
}

/// A mistake in a workflow file.
package struct WorkflowMistake: Hashable, Sendable {
  package var file: String
  /// From 1; nil if the mistake has no place in the file.
  package var line: Int?
  /// In Unicode scalars, from 1.
  package var column: Int?
  package var message: String
  package var hint: String
  /// `file:line:column: message (hint)`, the form that editors jump to.
  package var located: String

  package init(file: String, line: Int?, column: Int?, message: String, hint: String, located: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
    self.located = located
  }
}

/// The result of checking one workflow file.
package enum WorkflowCheck: Sendable {
  case sound(ListedWorkflow)
  /// Never empty.
  case mistakes([WorkflowMistake])
}

/// A language for drawings of workflows.
package enum WorkflowDrawing: String, Sendable, CaseIterable {
  case text
  case dot
  case mermaid
}
