/// The originator of a change. The journal and the history of indexes record it with each change.
package struct Actor: Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// A person at the command line.
    case commandLine = "cli"
    /// The configuration file, when it is applied.
    case configuration
    /// A step of a job.
    case job
    /// A program that belongs to the project: a test or a simulation.
    case program
  }

  package let kind: Kind
  /// The name within the kind, such as the user's name or the job's id; nil if the kind is enough.
  package let name: String?

  package init(_ kind: Kind, _ name: String? = nil) {
    self.kind = kind
    self.name = name
  }

  /// The form in the journal, such as `cli/anna`. A program has its bare name.
  package var description: String {
    guard let name else { return kind.rawValue }
    return kind == .program ? name : "\(kind.rawValue)/\(name)"
  }
}
