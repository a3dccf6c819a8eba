/// `ingestd job wait`.
package enum JobWaitCommand: CommandDeclaration {
  package static let timeout = Parameter(
    option: "--timeout", type: .duration("TIME"), summary: "Wait so long at most; for ever if not given.")

  package static let spec = CommandSpec(
    "job wait", "Wait until jobs have ended", group: .work,
    parameters: [SharedParameters.jobs.spec, timeout.spec],
    examples: [.init("ingestd job wait 01KAEZ7 --timeout 5m", "Until it has ended, five minutes at most.")],
    exits: [
      .init(1, "a job died or was cancelled"), .init(3, "no job has this id"), .init(75, "the timeout came first"),
    ])
}
