package import IngestCLI

extension CommandTree {
  /// All commands of the program.
  package static let withChaos = standard.adding(ChaosCommand.self, before: DoctorCommand.self)
}
