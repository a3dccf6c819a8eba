import IngestCore

extension Operations {
  /// Takes over the limits, weights and pauses of the configuration if they changed. Every operation that starts work or
  /// accepts it does so first.
  package func takeOverFlow() async throws {
    _ = try await limits.configure(try settings.flow(), actor: actorText)
  }

  /// Takes over the schedules of the configuration. A mistake in one of them leaves all as they were.
  package func takeOverSchedules() async throws {
    let specs = try settings.schedules()
    for (name, spec) in specs.sorted(by: { $0.key < $1.key }) {
      // A single time that has passed was fired by then, or is over.
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
