import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead show`.
package enum DeadShowCommand: Command {
  package static let id = Parameter(argument: .text("ID"), summary: "A dead letter's id, or a beginning of it.")

  package static let spec = CommandSpec(
    "dead show", "Show a dead letter whole: its errors, its input, what its steps had made", section: .work,
    parameters: [id.spec],
    examples: [.init("ingestd dead show 01KAEZ7", "Every attempt, and what lay beneath it.")],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    let record = try await context.withOperations { try await $0.deadLetter(context[Self.id]) }
    try context.console.json(DeadRecordResponse(record, limit: 50))
    if context.console.isJSON { return }
    try print(record, context)
  }

  private static func print(_ record: DeadRecord, _ context: CommandContext) throws {
    let console = context.console
    let letter = record.letter
    if letter.kind == .chunk {
      try console.line("chunk \(letter.id)", .heading)
      let page = letter.page.map { ", page \($0)" } ?? ""
      try console.line("  chunk \(letter.ordinal ?? 0)\(page), characters \(letter.start ?? 0) to \(letter.end ?? 0)")
      for line in FailureText.lines(letter.error, colour: console.terminal.outputHasColour) { try console.line(line) }
      try console.line()
      try console.line("of the job", .heading)
    }
    try JobSheet(job: record.report, now: context.clock.now).print(console)
    try console.line()
    try console.line("input", .heading)
    try console.line("  \(Self.short(record.task, console))")
    if letter.quarantined {
      let content = record.content?.rawValue.prefix(12) ?? ""
      try console.line("  its content \(content) is in quarantine; `ingestd dead redrive` lifts that", .warning)
    }
    guard !record.checkpoints.isEmpty else { return }
    try console.line()
    try console.line("checkpoints", .heading)
    for checkpoint in record.checkpoints {
      try console.line("  \(checkpoint.step.visible): \(Self.short(checkpoint.result, console))")
    }
  }

  /// Whole under `--json` and in an export.
  private static func short(_ json: String, _ console: Console) -> String {
    json.visible.shortened(to: 400, ellipsis: console.terminal.ellipsis)
  }
}
