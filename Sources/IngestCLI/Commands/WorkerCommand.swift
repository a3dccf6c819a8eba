/// `ingestd worker`.
package enum WorkerCommand: Command {
  package static let concurrency = Parameter(
    option: "--concurrency", type: .integer("N", 1...1024),
    summary: "Jobs at once, 1 to 1024. Default: `worker.concurrency`, 8.")
  package static let drain = Parameter(flag: "--drain", summary: "Stop once no job is left to run, now or later.")
  package static let sources = Parameter(
    repeated: "--source", type: .text("NAME"), summary: "Only jobs of this source.")
  package static let indexes = Parameter(
    repeated: "--index", type: .text("NAME"), summary: "Only jobs of this index.")

  package static let spec = CommandSpec(
    "worker", "Claim jobs and run them", section: .work, data: .created,
    details: [
      "Several workers may share a data folder.",
      "After SIGTERM or SIGINT the worker claims no more jobs, gives running steps `worker.shutdown-grace` (15s) to finish, "
        + "and returns unfinished jobs to the queue without spending an attempt. A second signal ends it at once. Finished "
        + "steps are kept in any case, even after kill -9.",
    ],
    parameters: [concurrency.spec, drain.spec, sources.spec, indexes.spec],
    examples: [
      .init("ingestd worker", "Until a signal stops it."),
      .init("ingestd worker --drain", "Until all submitted work is done; for scripts."),
      .init("ingestd worker --source handbook --concurrency 2", "One source, two jobs at once."),
    ],
    exits: [
      .init(0, "stopped by a signal, or with --drain nothing is left"),
      .init(75, "with --drain, only jobs remain that need a person, a resume or quota"),
      .init(130, "a second SIGINT ended it; 143: a second SIGTERM did"),
    ])
}
