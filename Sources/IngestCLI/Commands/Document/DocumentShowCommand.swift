import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd document show`.
package enum DocumentShowCommand: Command {
  package static let spec = CommandSpec(
    "document show", "Show a document and which revision each generation holds", section: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
    ],
    examples: [.init("ingestd document show /srv/handbook/keys.pdf", "By its uri.")],
    exits: [.init(3, "there is no such document")])

  package static func run(_ context: CommandContext) async throws {
    let holdings = try await context.withOperations {
      try await $0.holdings(
        of: context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource])
    }
    try context.console.json(DocumentResponse(holdings))
    try print(holdings.report, holdings.generations, context)
  }

  private static func print(_ report: DocumentReport, _ held: [DocumentHoldings.Held], _ context: CommandContext) throws
  {
    let console = context.console
    func field(_ name: String, _ value: String) throws { try console.line("  " + name.padded(to: 10) + value) }
    func time(_ time: Timestamp) -> String {
      "\(time.description) (\(RelativeTime.text(time, now: context.clock.now)))"
    }
    try console.line("document \(report.document)", .heading)
    try field("uri", report.uri.visible)
    try field("index", report.index)
    try field("source", report.source)
    let state = report.searchState
    try field("state", state.style.paint(state.rawValue, console.terminal.outputHasColour))
    try field("revision", "\(report.revision)" + (report.deleted ? ", a delete" : ""))
    if let content = report.content {
      try field("size", ByteSize.text(report.sizeBytes))
      try field("content", content)
    }
    try field("workflow", report.workflow.visible)
    for (key, value) in report.meta.sorted(by: { $0.key < $1.key }) {
      try field("meta", "\(key)=\(value)".visible)
    }
    if let job = report.job { try field("job", "\(job) (\(report.state?.rawValue ?? "gone"))") }
    try field("created", time(report.createdAt))
    try field("changed", time(report.changedAt))
    var table = Table([
      .init("GENERATION", isNumber: true), .init("STATE"), .init("REVISION", isNumber: true),
      .init("CHUNKS", isNumber: true),
    ])
    for entry in held {
      table.add(
        "\(entry.generation.number)", entry.generation.state.rawValue, entry.revision.map(String.init) ?? "-",
        DecimalText.grouped(entry.chunks))
    }
    try console.line()
    try console.table(table)
  }
}
