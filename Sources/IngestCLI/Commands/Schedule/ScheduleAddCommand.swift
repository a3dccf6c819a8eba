package import IngestCore

/// `ingestd schedule add`.
package enum ScheduleAddCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "What the schedule is called.")
  package static let cron = Parameter(
    option: "--cron", type: .text("EXPRESSION"),
    summary: "Five fields (six with seconds first), names such as mon-fri, or @daily.")
  package static let every = Parameter(
    option: "--every", type: .duration("TIME"), summary: "Each time so much has passed, from 1s on.")
  package static let at = Parameter(option: "--at", type: .time("TIME"), summary: "Once, at this time (RFC 3339).")
  package static let zone = Parameter(
    option: "--zone", type: .text("ZONE"), default: "UTC", summary: "Time zone of --cron, such as Europe/Berlin.")
  package static let scan = Parameter(
    option: "--scan", type: .folder("DIR"), summary: "Submit what is new and changed in this folder.")
  package static let sync = Parameter(
    flag: "--sync", summary: "With --scan, delete the documents whose file vanished.")
  package static let allowEmpty = Parameter(
    flag: "--allow-empty", summary: "With --sync, a folder without documents was emptied on purpose.")
  package static let include = Parameter(
    repeated: "--include", type: .text("GLOB"), summary: "With --scan, only files that match; ** spans folders.")
  package static let exclude = Parameter(
    repeated: "--exclude", type: .text("GLOB"), summary: "With --scan, no files or folders that match.")
  package static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), defaultText: "ingest with --scan",
    summary: "What a tick runs or, with --scan, what each document runs.")
  package static let task = Parameter(
    option: "--task", type: .text("JSON"), defaultText: "{}", summary: "What the workflow's steps are given.")
  package static let priority = Parameter(
    option: "--priority", type: .integer("N", -100...100), default: 0, summary: "Of the jobs; higher starts earlier.")
  package static let overlap = Parameter(
    option: "--overlap", type: ValueType<OverlapPolicy>.choice("POLICY"), default: .skip,
    summary: "What a tick does while the run before it has not ended.")
  package static let catchUp = Parameter(
    option: "--catch-up", type: .duration("TIME"), default: .seconds(3600),
    summary: "How late a tick is still fired that no worker was there for.")
  package static let jitter = Parameter(
    option: "--jitter", type: .duration("TIME"), default: .zero, summary: "Start each run later by up to this.")
  package static let noIndex = Parameter(
    flag: "--no-index", summary: "The jobs belong to no index, as those of job run.")
  package static let dryRun = Parameter(
    flag: "--dry-run",
    summary: "Show the next times and, with --scan, what it would submit and delete now; add nothing.")

  package static let spec = CommandSpec(
    "schedule add", "Run a workflow or scan a folder again and again", section: .work,
    details: [
      "Workers fire it: each tick once, however many run. Where none was running, a tick is fired late, by the catch-up "
        + "window at most. A tick that comes while the run before it has not ended is skipped; --overlap queue-one lets "
        + "one wait, allow runs beside it, cancel-previous stops it first.",
      "A scan compares files by their hash: what is unchanged costs reading it. With --sync, a document is deleted only "
        + "when nothing is at its path any more, and never while the folder is missing, unreadable or without a document.",
    ],
    parameters: [
      name.spec, cron.spec, every.spec, at.spec, zone.spec, scan.spec, sync.spec, allowEmpty.spec, include.spec,
      exclude.spec, workflow.spec, task.spec, SharedParameters.source.spec, SharedParameters.index.spec, noIndex.spec,
      priority.spec, overlap.spec, catchUp.spec, jitter.spec, dryRun.spec,
    ],
    exclusive: [
      ["--cron", "--every", "--at"], ["--scan", "--task"], ["--scan", "--no-index"], ["--index", "--no-index"],
    ],
    examples: [
      .init(
        "ingestd schedule add nightly --cron '30 2 * * *' --zone Europe/Berlin --scan handbook/ --sync",
        "Each night, what changed in a folder."),
      .init(
        "ingestd schedule add feed --every 15m --workflow fetch-feed --task '{\"days\": 1}'", "A workflow of yours."),
      .init("ingestd schedule add trial --every 1h --scan docs/ --sync --dry-run", "What it would do, and when."),
    ],
    exits: [
      .init(2, "the times, the zone or the task cannot be meant"), .init(3, "the index or workflow does not exist"),
      .init(4, "there is a schedule of this name, or with --no-index the workflow needs a document or a generation"),
    ])
}
