/// `ingestd job retry`.
package enum JobRetryCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "job retry", "Make queued jobs due now, whatever they wait for", group: .work,
    details: ["For a dead job use `ingestd dead redrive`."],
    parameters: [SharedParameters.jobs.spec],
    examples: [.init("ingestd job retry 01KAEZ7", "Try at once in place of waiting out the backoff.")],
    exits: [.init(3, "no job has this id"), .init(4, "the job is not queued")])
}
