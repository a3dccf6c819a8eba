import IngestApp

/// A command as help, completion and the parser know it.
package struct CommandSpec: Sendable {
  /// `submit`, or `job list`.
  package var name: String
  /// One line without a full stop, for overviews.
  package var summary: String
  /// Paragraphs for the command's own help.
  package var details: [String]
  package var section: HelpSection
  package var data: DataFolderUse
  package var parameters: [ParameterSpec]
  /// Names of options of which at most one may be given.
  package var exclusive: [[String]]
  package var examples: [Example]
  /// Exit statuses worth telling beyond the usual ones.
  package var exits: [ExitNote]

  package struct Example: Hashable, Sendable {
    package var command: String
    package var what: String

    package init(_ command: String, _ what: String) {
      self.command = command
      self.what = what
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

  /// `["job", "list"]`.
  package var path: [String] { name.split(separator: " ").map(String.init) }
  package var options: [ParameterSpec] { parameters.filter { $0.form != .argument } }
  package var arguments: [ParameterSpec] { parameters.filter { $0.form == .argument } }
}

/// Where a command stands in `ingestd -h`.
package enum HelpSection: String, Sendable, CaseIterable {
  case documents = "Documents"
  case work = "Work"
  case indexes = "Indexes"
  case setup = "Setup and maintenance"
}

/// What a command needs of the data folder.
package enum DataFolderUse: Sendable, Hashable {
  /// Nothing.
  case none
  /// It must be there.
  case existing
  /// It is made when missing.
  case created
}
