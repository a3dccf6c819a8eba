package import IngestCLI

extension CommandTree {
  /// Every command of the shipping program.
  package static let withChaos = standard.adding(ChaosCommand.self, before: DoctorCommand.self)
}
