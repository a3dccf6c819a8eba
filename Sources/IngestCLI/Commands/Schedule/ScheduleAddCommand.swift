package import IngestCore

/// `ingestd schedule add`.
package enum ScheduleAddCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The schedule's name.")
  package static let cron = Parameter(
    option: "--cron", type: .text("EXPRESSION"),
    summary: "Five fields, or six with seconds first; names such as mon-fri; or @daily.")
  package static let every = Parameter(
    option: "--every", type: .duration("TIME"), summary: "Run at this interval, such as 15m; 1s to 366d.")
  package static let at = Parameter(option: "--at", type: .time("TIME"), summary: "Run once, at this RFC 3339 time.")
  package static let zone = Parameter(
    option: "--zone", type: .text("ZONE"), default: "UTC", summary: "The time zone of --cron, such as Europe/Berlin.")
  package static let scan = Parameter(
    option: "--scan", type: .folder("DIR"), summary: "Submit new and changed files of this folder.")
  package static let sync = Parameter(
    flag: "--sync", summary: "With --scan, also delete documents whose file is gone.")
  package static let allowEmpty = Parameter(
    flag: "--allow-empty", summary: "With --sync, accept a folder without documents: all its documents are deleted.")
  package static let include = Parameter(
    repeated: "--include", type: .text("GLOB"), summary: "With --scan, only files that match; ** spans folders.")
  package static let exclude = Parameter(
    repeated: "--exclude", type: .text("GLOB"), summary: "With --scan, skip files and folders that match.")
  package static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), defaultText: "ingest with --scan",
    summary: "The workflow of each run or, with --scan, of each document.")
  package static let task = Parameter(
    option: "--task", type: .text("JSON"), defaultText: "{}", summary: "The input of the workflow's steps, as JSON.")
  package static let priority = Parameter(
    option: "--priority", type: .integer("N", -100...100), default: 0, summary: "-100 to 100; higher starts earlier.")
  package static let overlap = Parameter(
    option: "--overlap", type: ValueType<OverlapPolicy>.choice("POLICY"), default: .skip,
    summary: "What a tick does if the previous run has not ended.")
  package static let catchUp = Parameter(
    option: "--catch-up", type: .duration("TIME"), default: .seconds(3600),
    summary: "How late a missed tick may still run, 0s to 366d.")
  package static let jitter = Parameter(
    option: "--jitter", type: .duration("TIME"), default: .zero,
    summary: "Delay each run by less than this time, 0s to 1d.")
  package static let noIndex = Parameter(
    flag: "--no-index", summary: "The jobs belong to no index, as with `job run`.")
  package static let dryRun = Parameter(
    flag: "--dry-run",
    summary: "Show the next times and, with --scan, what it would submit and delete now; add nothing.")

  package static let spec = CommandSpec(
    "schedule add", "Add a schedule that runs a workflow or scans a folder", section: .work,
    details: [
      "Each tick runs once, regardless of how many workers there are. If no worker was running, the tick runs late, "
        + "within the catch-up window. If the previous run has not ended, the tick is skipped (`skip`), "
        + "waits (`queue-one`, one tick at most), starts beside the previous run (`allow`), or cancels it first "
        + "(`cancel-previous`).",
      "A scan compares files by their hash, so it reads unchanged files but submits nothing for them. With --sync, a "
        + "document is deleted only when nothing is at its path any more, and never while the folder is missing, "
        + "unreadable or without a document.",
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
        "ingestd schedule add night --cron '30 2 * * *' --zone Europe/Rome --scan docs/",
        "Each night, the new and changed files of a folder."),
      .init(
        "ingestd schedule add feed --every 15m --workflow feed --task '{\"days\": 1}'", "A workflow of your own."),
      .init("ingestd schedule add trial --every 1h --scan docs/ --sync --dry-run", "Show what it would do, and when."),
    ],
    exits: [
      .init(1, "the folder cannot be read"), .init(2, "the time, the zone or the task is not valid"),
      .init(3, "the index, workflow or folder does not exist"),
      .init(4, "the name is taken, or with --no-index the workflow needs a document or generation"),
    ])
}
