import IngestApp
import IngestCore
import IngestStore

/// `ingestd document show`.
package enum DocumentShowCommand: Command {
  package static let spec = CommandSpec(
    "document show", "Show a document and what is held of it", group: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
    ],
    examples: [.init("ingestd document show /srv/handbook/keys.pdf", "By its uri.")],
    exits: [.init(3, "there is no such document")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let report = try await installation.document(
        context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource])
      var held: [Held] = []
      for generation in try await installation.store.list(report.index)
      where generation.isOpen {
        let holding = try await installation.store.holdings(
          report.index, generation.number, of: [DocumentID(rawValue: report.document)]
        ).first
        held.append(
          Held(
            generation: generation.number, state: generation.state, revision: holding?.revision,
            chunks: holding?.chunks ?? 0))
      }
      try context.console.json(Shown(report: report, generations: held))
      try print(report, held, context)
    }
  }

  /// What one generation has of it.
  private struct Held: Encodable {
    var generation: Int
    var state: Generation.State
    var revision: Int?
    var chunks: Int
  }

  /// What `--json` prints.
  private struct Shown: Encodable {
    var report: DocumentReport
    var generations: [Held]

    private enum Key: CodingKey { case generations, generationsTotal }

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(Array(generations.prefix(50)), forKey: .generations)
      try values.encode(generations.count, forKey: .generationsTotal)
    }
  }

  private static func print(_ report: DocumentReport, _ held: [Held], _ context: CommandContext) throws {
    let console = context.console
    func field(_ name: String, _ value: String) throws { try console.line("  " + name.padded(to: 10) + value) }
    func time(_ time: Timestamp) -> String {
      "\(time.description) (\(RelativeTime.text(time, now: context.clock.now)))"
    }
    try console.line("document \(report.document)", .heading)
    try field("uri", report.uri.visible)
    try field("index", report.index)
    try field("source", report.source)
    let standing = report.standing
    try field("state", standing.style.paint(standing.rawValue, console.terminal.outputHasColour))
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
        "\(entry.generation)", entry.state.rawValue, entry.revision.map(String.init) ?? "-",
        DecimalText.grouped(entry.chunks))
    }
    try console.line()
    try console.table(table)
  }
}
