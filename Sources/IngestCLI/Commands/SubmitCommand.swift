/// `ingestd submit`.
package enum SubmitCommand: Command {
  package static let paths = Parameter(
    arguments: .file("PATH"), summary: "Files, folders, globs (quoted), or - for standard input.")
  package static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), default: "ingest", summary: "The workflow that the jobs run.")
  package static let priority = Parameter(
    option: "--priority", type: .integer("N", -100...100), default: 0, summary: "Higher starts earlier.")
  package static let dryRun = Parameter(
    flag: "--dry-run", summary: "Say what would be submitted, and submit nothing.")
  package static let delay = Parameter(
    option: "--delay", type: .duration("TIME"), summary: "Start the jobs so much later, such as 5m.")
  package static let at = Parameter(
    option: "--at", type: .time("TIME"), summary: "Start the jobs at this time (RFC 3339).")
  package static let key = Parameter(
    option: "--key", type: .text("KEY"),
    summary: "Idempotency key of the one document: the same key again submits nothing new.")
  package static let keyLife = Parameter(
    option: "--key-ttl", type: .duration("TIME"), summary: "How long the key is in force, else `idempotency.ttl`.")
  package static let debounce = Parameter(
    option: "--debounce", type: .duration("TIME"),
    summary: "Start each job only when its document was not submitted again for so long; the last one wins.")
  package static let debounceLongest = Parameter(
    option: "--debounce-longest", type: .duration("TIME"),
    summary: "Start it so long after the first submit at the latest; ten times --debounce by default.")
  package static let meta = Parameter(
    repeated: "--meta", type: .keyValue("K=V"), summary: "Metadata that searches can filter by.")
  package static let root = Parameter(
    option: "--root", type: .folder("DIR"), summary: "Uris are paths relative to it, and files outside it are refused.")
  package static let uri = Parameter(
    option: "--uri", type: .text("URI"), summary: "The one document's uri; must be given with -.")
  package static let include = Parameter(
    repeated: "--include", type: .text("GLOB"),
    summary: "In folders and globs, only files that match; ** spans folders.")
  package static let exclude = Parameter(
    repeated: "--exclude", type: .text("GLOB"), summary: "In folders and globs, no files or folders that match.")
  package static let sync = Parameter(
    flag: "--sync", summary: "Of one folder: also delete the documents whose file vanished from it.")
  package static let allowEmpty = Parameter(
    flag: "--allow-empty", summary: "With --sync, a folder without documents was emptied on purpose.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the jobs to their end.")

  package static let spec = CommandSpec(
    "submit", "Accept documents, durably, for an index", section: .documents, data: .created,
    details: [
      "When it returns, the documents are kept: the files may be deleted at once. Documents that the index holds "
        + "already with these bytes are unchanged and cost nothing.",
      "In a folder or glob, hidden files and types that no workflow reads are skipped and counted. A file that is named "
        + "by itself, unreadable or over a limit is refused, named, and makes the exit status 1 while the rest goes on.",
      "A workflow that is a singleton with mode skip does not accept a document while a job for the same key is open: it "
        + "is told as skipped, with that job, and nothing of it is kept.",
    ],
    parameters: [
      paths.spec, SharedParameters.source.spec, SharedParameters.index.spec, workflow.spec, priority.spec, dryRun.spec,
      delay.spec, at.spec, debounce.spec, debounceLongest.spec, key.spec, keyLife.spec, meta.spec, root.spec, uri.spec,
      include.spec, exclude.spec,
      SharedParameters.passwordFile.spec, sync.spec, allowEmpty.spec, wait.spec,
    ],
    exclusive: [["--delay", "--at"], ["--root", "--uri", "--sync"], ["--key", "--sync"]],
    examples: [
      .init("ingestd submit handbook/ --source handbook", "Every document in a folder and those below it."),
      .init("ingestd submit report.pdf --wait", "One file, followed until it can be searched."),
      .init("ingestd submit 'docs/**/*.pdf' --exclude '**/drafts/**'", "A glob, without the drafts."),
      .init("curl -s $URL | ingestd submit - --uri $URL", "A document from a pipe."),
    ],
    exits: [
      .init(1, "a document was refused, or with --wait died; the others are accepted"),
      .init(3, "the index or workflow does not exist"),
      .init(4, "a document was refused by a rate limit, which tells when to submit it again; the others are accepted"),
      .init(75, "with --wait, no worker is running; the documents are accepted all the same"),
    ])
}
