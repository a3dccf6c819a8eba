/// `ingestd job show`.
package enum JobShowCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "job show", "Show a job, its steps, and why it is not running now", group: .work,
    parameters: [SharedParameters.job.spec],
    examples: [.init("ingestd job show 01KAEZ7", "By the beginning of its id.")],
    exits: [.init(3, "no job has this id")])
}
