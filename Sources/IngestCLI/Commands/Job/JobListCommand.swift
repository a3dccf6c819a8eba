package import IngestCore

/// `ingestd job list`.
package enum JobListCommand: CommandDeclaration {
  package static let state = Parameter(
    option: "--state", type: ValueType<JobState>.choice("STATE"), summary: "Only jobs in this state.")

  package static let spec = CommandSpec(
    "job list", "List jobs, newest first", group: .work,
    parameters: [
      SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, state.spec, SharedParameters.since.spec,
      SharedParameters.limit.spec,
    ],
    examples: [
      .init("ingestd job list --state running", "What is being done."),
      .init("ingestd job list --source handbook --since 1h --json", "One source's last hour, one object a line."),
    ])
}
