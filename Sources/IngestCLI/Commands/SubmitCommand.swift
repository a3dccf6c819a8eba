/// `ingestd submit`.
package enum SubmitCommand: Command {
  package static let paths = Parameter(
    arguments: .file("PATH"), summary: "Files, folders, quoted globs, or - for standard input.")
  package static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), default: "ingest", summary: "The workflow that each job runs.")
  package static let priority = Parameter(
    option: "--priority", type: .integer("N", -100...100), default: 0, summary: "-100 to 100; higher starts earlier.")
  package static let dryRun = Parameter(
    flag: "--dry-run", summary: "Show what would be submitted, and submit nothing.")
  package static let delay = Parameter(
    option: "--delay", type: .duration("TIME"),
    summary: "Start the jobs this much later, such as 5m; at most ten years.")
  package static let at = Parameter(
    option: "--at", type: .time("TIME"), summary: "Start the jobs at this RFC 3339 time.")
  package static let key = Parameter(
    option: "--key", type: .text("KEY"),
    summary: "Idempotency key of a single document: the same key again submits nothing new.")
  package static let keyLife = Parameter(
    option: "--key-ttl", type: .duration("TIME"),
    summary: "How long the key is in force, such as 7d. Default: `idempotency.ttl`, 30d.")
  package static let debounce = Parameter(
    option: "--debounce", type: .duration("TIME"),
    summary:
      "Start each job when its document has not been submitted again for this long, such as 30s. The last submit wins.")
  package static let debounceLongest = Parameter(
    option: "--debounce-longest", type: .duration("TIME"),
    summary:
      "Start it at the latest this long after the first submit, at most ten years. Default: ten times --debounce.")
  package static let meta = Parameter(
    repeated: "--meta", type: .keyValue("K=V"), summary: "Metadata of the documents, by which searches can filter.")
  package static let root = Parameter(
    option: "--root", type: .folder("DIR"), summary: "Uris are paths below this folder; files outside it are refused."
  )
  package static let uri = Parameter(
    option: "--uri", type: .text("URI"), summary: "The uri of a single document; required with -.")
  package static let include = Parameter(
    repeated: "--include", type: .text("GLOB"),
    summary: "In folders and globs, only files that match; ** spans folders.")
  package static let exclude = Parameter(
    repeated: "--exclude", type: .text("GLOB"), summary: "In folders and globs, skip files and folders that match.")
  package static let sync = Parameter(
    flag: "--sync", summary: "With one folder: also delete documents whose file is gone from it.")
  package static let allowEmpty = Parameter(
    flag: "--allow-empty", summary: "With --sync, accept a folder without documents: all its documents are deleted.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the jobs until they have ended.")

  package static let spec = CommandSpec(
    "submit", "Submit documents to an index, durably", section: .documents, data: .created,
    details: [
      "Once it returns, the documents are kept and their files may be deleted. A document that the index already holds "
        + "with the same bytes is `unchanged` and costs nothing.",
      "In a folder or glob, hidden files and types that no workflow reads are skipped and counted. A file that cannot be "
        + "read, is over a limit, or has such a type but was named itself, is refused: it is reported, the exit status "
        + "is 1, and the other files are accepted.",
      "A singleton workflow with mode `skip` accepts no document while a job for the same key is open. The command prints "
        + "the document as skipped, with that job, and stores nothing of it.",
    ],
    parameters: [
      paths.spec, SharedParameters.source.spec, SharedParameters.index.spec, workflow.spec, priority.spec, dryRun.spec,
      delay.spec, at.spec, debounce.spec, debounceLongest.spec, key.spec, keyLife.spec, meta.spec, root.spec, uri.spec,
      include.spec, exclude.spec,
      SharedParameters.passwordFile.spec, sync.spec, allowEmpty.spec, wait.spec,
    ],
    exclusive: [["--delay", "--at"], ["--root", "--uri", "--sync"], ["--key", "--sync"]],
    examples: [
      .init("ingestd submit handbook/ --source handbook", "Every document in a folder and its subfolders."),
      .init("ingestd submit report.pdf --wait", "One file; wait until it can be searched."),
      .init("ingestd submit 'docs/**/*.pdf' --exclude '**/drafts/**'", "A glob, without the drafts."),
      .init("curl -s $URL | ingestd submit - --uri $URL", "A document from a pipe."),
    ],
    exits: [
      .init(1, "a document was refused, or with --wait a job did not complete; the others are accepted"),
      .init(3, "the index or workflow does not exist"),
      .init(
        4,
        "a rate limit refused a document and says when to submit it again, while the others are accepted; or --key was "
          + "used with other content"),
      .init(75, "with --wait, no worker is running; the documents stay accepted"),
    ])
}
