import IngestCore
import IngestOperations

/// `ingestd dead redrive`.
package enum DeadRedriveCommand: Command {
  package static let spec = CommandSpec(
    "dead redrive", "Let dead letters go on from the step that failed", group: .work,
    details: ["Steps that were finished are not run again. One whose document has a newer revision stays where it is."],
    parameters: DeadSelection.parameters,
    examples: [
      .init("ingestd dead redrive 01KAEZ7", "One."),
      .init("ingestd dead redrive --all --code EMBEDDER_UNREACHABLE", "All that died of one error."),
    ],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let filter = try await DeadSelection.selected(context, installation)
      let report = try await installation.operations.jobs.redrive(filter, actor: installation.operations.actor)
      try context.console.json(
        Redriven(
          redriven: Array(report.redriven.prefix(50)), redrivenTotal: report.redriven.count,
          superseded: Array(report.superseded.prefix(50)), supersededTotal: report.superseded.count))
      try context.console.line(
        "\(DecimalText.count(report.redriven.count, "goes", plural: "go")) on from the step that failed")
      if !report.superseded.isEmpty {
        try context.console.line(
          "\(DecimalText.grouped(report.superseded.count)) cancelled: their documents have a newer revision")
      }
    }
  }

  /// What `--json` prints.
  private struct Redriven: Encodable {
    var redriven: [String]
    var redrivenTotal: Int
    var superseded: [String]
    var supersededTotal: Int
  }
}
