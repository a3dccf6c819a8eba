/// A command's declaration, which help, completion and the parser read.
package struct CommandSpec: Sendable {
  /// Such as `submit` or `job list`.
  package var name: String
  /// One line for overviews. It begins with a verb and has no full stop.
  package var summary: String
  /// Paragraphs for the command's own help.
  package var details: [String]
  package var section: HelpSection
  package var data: DataFolderUse
  package var parameters: [ParameterSpec]
  /// Sets of options; at most one option of each set may be given.
  package var exclusive: [[String]]
  package var examples: [Example]
  /// The exit statuses that need an explanation for this command.
  package var exits: [ExitNote]

  package struct Example: Hashable, Sendable {
    package var command: String
    package var explanation: String

    package init(_ command: String, _ explanation: String) {
      self.command = command
      self.explanation = explanation
    }
  }

  package struct ExitNote: Hashable, Sendable {
    package var status: Int32
    package var when: String

    package init(_ status: Int32, _ when: String) {
      self.status = status
      self.when = when
    }
  }

  package init(
    _ name: String, _ summary: String, section: HelpSection, data: DataFolderUse = .existing, details: [String] = [],
    parameters: [ParameterSpec] = [], exclusive: [[String]] = [], examples: [Example], exits: [ExitNote] = []
  ) {
    self.name = name
    self.summary = summary
    self.section = section
    self.data = data
    self.details = details
    self.parameters = parameters
    self.exclusive = exclusive
    self.examples = examples
    self.exits = exits
  }

  /// The words of the name: `["job", "list"]`.
  package var path: [String] { name.split(separator: " ").map(String.init) }
  package var options: [ParameterSpec] { parameters.filter { $0.form != .argument } }
  package var arguments: [ParameterSpec] { parameters.filter { $0.form == .argument } }
}

/// The section of `ingestd -h` that lists a command.
package enum HelpSection: String, Sendable, CaseIterable {
  case documents = "Documents"
  case work = "Work"
  case indexes = "Indexes"
  case setup = "Setup and maintenance"
}

/// Whether a command needs the data folder.
package enum DataFolderUse: Sendable, Hashable {
  /// Not needed.
  case none
  /// The data folder must exist.
  case existing
  /// The data folder is created if it is missing.
  case created
}
