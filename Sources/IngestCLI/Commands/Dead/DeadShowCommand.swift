import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead show`.
package enum DeadShowCommand: Command {
  package static let id = Parameter(
    argument: .text("ID"), summary: "A dead letter's id, or a unique beginning of at least 4 characters.")

  package static let spec = CommandSpec(
    "dead show", "Show a dead letter with its errors, its input and its steps' results", section: .work,
    parameters: [id.spec],
    examples: [.init("ingestd dead show 01KAEZ7", "Every attempt with its causes.")],
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
      try console.line("lost by", .heading)
    }
    try JobSheet(job: record.report, now: context.clock.now).print(console)
    try console.line()
    try console.line("input", .heading)
    try console.line("  \(Self.short(record.task, console))")
    if letter.quarantined {
      let content = record.content?.rawValue.prefix(12) ?? ""
      try console.line("  its content \(content) is in quarantine; `ingestd dead redrive` lifts it", .warning)
    }
    guard !record.checkpoints.isEmpty else { return }
    try console.line()
    try console.line("checkpoints", .heading)
    for checkpoint in record.checkpoints {
      try console.line("  \(checkpoint.step.visible): \(Self.short(checkpoint.result, console))")
    }
  }

  /// Shortens JSON to 400 columns. `--json` and an export have it whole.
  private static func short(_ json: String, _ console: Console) -> String {
    json.visible.shortened(to: 400, ellipsis: console.terminal.ellipsis)
  }
}
