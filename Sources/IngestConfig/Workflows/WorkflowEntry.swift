package import IngestCore

/// A workflow that can be run, and where it came from.
package struct WorkflowEntry: Hashable, Sendable {
  package enum Origin: Hashable, Sendable {
    case builtIn
    case file(String)
  }

  package var definition: WorkflowDefinition
  package var version: ContentHash
  package var origin: Origin
  /// The file as written, comments included.
  package var text: String
  /// The workflows that its steps run.
  var children: [WorkflowReader.Child]

  init(definition: WorkflowDefinition, origin: Origin, text: String, children: [WorkflowReader.Child] = []) {
    self.definition = definition
    self.version = definition.version
    self.origin = origin
    self.text = text
    self.children = children
  }
}

extension WorkflowEntry.Origin: CustomStringConvertible {
  package var description: String {
    switch self {
    case .builtIn: "built in"
    case .file(let path): path
    }
  }
}

/// A workflow file with mistakes. It stands for its name all the same: falling back to the built-in workflow that it was
/// meant to replace would run what the user did not ask for.
package struct BrokenWorkflow: Hashable, Sendable {
  /// As the file says, else the file's own name without its ending.
  package var name: String
  package var file: String
  /// Never empty.
  package var diagnostics: [Diagnostic]
}
