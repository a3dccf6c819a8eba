package import IngestCore
package import IngestOperations

/// The finding of one check.
package struct DoctorResponse: Codable, Hashable, Sendable {
  package var check: String
  package var state: DoctorFinding.State
  package var message: String
  /// Empty if there is nothing to do.
  package var hint: Hint

  package init(_ finding: DoctorFinding) {
    check = finding.check
    state = finding.state
    message = finding.message
    hint = finding.hint
  }
}

/// One migration of the database.
package struct MigrationResponse: Codable, Hashable, Sendable {
  package var number: Int
  package var name: String
  package var state: MigrationReport.State
  package var appliedAt: Timestamp?

  package init(_ report: MigrationReport) {
    number = report.number
    name = report.name
    state = report.state
    appliedAt = report.appliedAt
  }
}

/// One value of the configuration in force.
package struct SettingResponse: Codable, Hashable, Sendable {
  package var key: String
  package var value: String?
  package var origin: String
  package var variable: String?

  package init(_ setting: SettingsReport.Setting) {
    key = setting.key
    value = setting.value
    origin = setting.origin
    variable = setting.variable
  }
}
