package import IngestCore
import IngestSQL

/// What steps are granted beside their job.
extension Store {
  package var limitsSteps: Bool { false }

  package func admit(_ lease: Lease, _ gates: StepGates) async throws -> Admission {
    try await write { transition in
      _ = try transition.leased(lease)
      return .granted
    }
  }
}

extension Transition {
  func park(_ job: JobRow, at gates: StepGates, actor: String) throws {
    try giveBack(job, died: false, aloneInProcess: false, actor: actor)
  }
}
