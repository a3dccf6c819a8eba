import IngestCore

extension Operations {
  /// Stores the configured limits, weights and pauses if they changed. Every operation that accepts or starts work does this
  /// first.
  package func takeOverFlow() async throws {
    _ = try await limits.configure(try settings.flow(), actor: actorText)
  }

  /// Stores the configured schedules. A mistake in one of them changes none.
  package func takeOverSchedules() async throws {
    let specs = try settings.schedules()
    for (name, spec) in specs.sorted(by: { $0.key < $1.key }) {
      // A single time in the past has fired already, or is over.
      do { try checkSchedule(name, spec) } catch let failure as Failure where failure.reason == .timePassed {}
      _ = try workflows.workflow(spec.run.workflow)
      if let index = spec.run.index {
        try await requireIndex(index)
      } else {
        try requireNoDocument(spec.run.workflow)
      }
    }
    _ = try await schedules.configureSchedules(specs, actor: Actor(.configuration).description)
  }
}
