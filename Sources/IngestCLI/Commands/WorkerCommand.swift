/// `ingestd worker`.
package enum WorkerCommand: Command {
  package static let concurrency = Parameter(
    option: "--concurrency", type: .integer("N", 1...1024),
    summary: "Jobs at once; `worker.concurrency` of the configuration if not given.")
  package static let drain = Parameter(flag: "--drain", summary: "End when nothing is left to do, now or later.")
  package static let sources = Parameter(
    repeated: "--source", type: .text("NAME"), summary: "Only jobs of this source.")
  package static let indexes = Parameter(
    repeated: "--index", type: .text("NAME"), summary: "Only jobs of this index.")

  package static let spec = CommandSpec(
    "worker", "Claim jobs and run them", section: .work, data: .created,
    details: [
      "Several workers may share a data folder. SIGTERM or SIGINT stops claiming, gives running steps 15 seconds, "
        + "and hands the jobs back without spending an attempt; a second signal ends it at once. Finished steps "
        + "are kept whatever happens, kill -9 included."
    ],
    parameters: [concurrency.spec, drain.spec, sources.spec, indexes.spec],
    examples: [
      .init("ingestd worker", "Until it is told to stop."),
      .init("ingestd worker --drain", "Until all that was submitted is done; for scripts."),
      .init("ingestd worker --source handbook --concurrency 2", "One source, two jobs at once."),
    ],
    exits: [
      .init(0, "told to stop, or with --drain nothing is left"),
      .init(75, "with --drain, only jobs remain that need a person, a resume or quota"),
      .init(130, "ended by a second SIGINT; 143 by a second SIGTERM"),
    ])
}
