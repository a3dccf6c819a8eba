package import IngestCore

/// The steps that a worker can run, by their kind: the value of `uses:`.
package struct StepRegistry: Sendable {
  private let steps: [String: any Step]

  package init(_ steps: [any Step]) {
    self.steps = Dictionary(steps.map { (type(of: $0).kind, $0) }) { _, last in last }
  }

  package func step(_ kind: String) -> (any Step)? { steps[kind] }
}
