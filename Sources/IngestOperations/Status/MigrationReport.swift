package import IngestCore

/// One migration of the database.
package struct MigrationReport: Sendable, Hashable {
  package enum State: String, Codable, Sendable {
    /// Applied before this run.
    case applied
    /// Applied by this run.
    case new
    case pending
  }

  package var number: Int
  package var name: String
  package var state: State
  package var appliedAt: Timestamp?

  package init(number: Int, name: String, state: State, appliedAt: Timestamp?) {
    self.number = number
    self.name = name
    self.state = state
    self.appliedAt = appliedAt
  }
}

/// The configuration in force, and where each value came from.
package struct SettingsReport: Sendable, Hashable {
  package struct Setting: Sendable, Hashable {
    /// For example `embedders.local.model`.
    package var key: String
    /// The value as a file would write it; `***` for a secret; nil if unset.
    package var value: String?
    /// The origin for people, such as a file and a line.
    package var origin: String
    package var isBuiltIn: Bool
    /// The environment variable that would set it.
    package var variable: String?

    package init(key: String, value: String?, origin: String, isBuiltIn: Bool, variable: String?) {
      self.key = key
      self.value = value
      self.origin = origin
      self.isBuiltIn = isBuiltIn
      self.variable = variable
    }
  }

  package var settings: [Setting]
  /// The file that was read.
  package var file: String?
  /// The data folder; nil if there is none.
  package var folder: String?

  package init(settings: [Setting], file: String?, folder: String?) {
    self.settings = settings
    self.file = file
    self.folder = folder
  }
}
