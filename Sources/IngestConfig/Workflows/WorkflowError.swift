package import IngestCore

/// The reason why a workflow cannot be loaded.
package enum WorkflowError: Error, Hashable, Sendable {
  /// The file has mistakes: fix them. Never empty.
  case invalid(name: String, [Diagnostic])
  /// There is no workflow with this name: use another.
  case unknown(name: String, known: [String])
}

extension WorkflowError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .invalid(let name, let diagnostics):
      let count = diagnostics.count == 1 ? "1 mistake" : "\(diagnostics.count) mistakes"
      return Failure(
        .permanent, code: "WORKFLOW_INVALID", "The workflow \(name) has \(count).",
        hint: "Fix the file, then check it with \(Action(.workflowValidate)).", category: .invalid,
        causes: diagnostics.map { $0.failure(code: "WORKFLOW_INVALID") })
    case .unknown(let name, let known):
      let near: Hint? = nearestName(to: name, among: known).map { "Did you mean \($0)?" }
      return Failure(
        .permanent, code: "WORKFLOW_NOT_FOUND", "There is no workflow called \(name).",
        hint: near ?? "Use one of: \(known.sorted().joined(separator: ", ")).", category: .notFound)
    }
  }
}
