/// Who asks for a change: the journal and the history of indexes name it beside each one.
package struct Actor: Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// A person at the command line.
    case commandLine = "cli"
    /// The configuration file, taken over.
    case configuration
    /// A step of a job.
    case job
    /// A program of the project's own: a test or a simulation.
    case program
  }

  package let kind: Kind
  /// Within the kind, such as the user's name or the job's id; nil where the kind says it all.
  package let name: String?

  package init(_ kind: Kind, _ name: String? = nil) {
    self.kind = kind
    self.name = name
  }

  /// As the journal has it, such as `cli/anna`. A program has its bare name.
  package var description: String {
    guard let name else { return kind.rawValue }
    return kind == .program ? name : "\(kind.rawValue)/\(name)"
  }
}
