/// `ingestd job cancel`.
package enum JobCancelCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "job cancel", "Cancel jobs; running ones stop at the next safe point", group: .work,
    parameters: [SharedParameters.jobs.spec],
    examples: [.init("ingestd job cancel 01KAEZ7", "One job.")],
    exits: [.init(3, "no job has this id"), .init(4, "the job has ended already")])
}
