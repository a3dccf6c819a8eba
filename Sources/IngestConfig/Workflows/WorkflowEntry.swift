package import IngestCore

/// A workflow that can run, with its origin.
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

/// A workflow file with mistakes. It still occupies its name: if the built-in workflow with that name ran in its place,
/// the user would get something else than requested.
package struct BrokenWorkflow: Hashable, Sendable {
  /// The name in the file, or the file's own name without its extension if there is none.
  package var name: String
  package var file: String
  /// Never empty.
  package var diagnostics: [Diagnostic]
}
