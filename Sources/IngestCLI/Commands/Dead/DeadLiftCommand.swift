import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd dead lift`.
package enum DeadLiftCommand: Command {
  package static let contents = Parameter(
    arguments: .text("CONTENT"), summary: "Content hashes, or beginnings of them of at least six characters.")

  package static let spec = CommandSpec(
    "dead lift", "Lift the quarantine of contents, so that they are tried again", group: .work,
    details: ["`ingestd dead redrive` lifts it too; this is for contents without a dead letter."],
    parameters: [contents.spec],
    examples: [.init("ingestd dead lift 9f86d081884c", "By what `ingestd dead quarantine` shows.")],
    exits: [.init(3, "no such content has killed a process")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let known = try await installation.store.quarantine().map(\.content)
      for text in context[contents] {
        let wanted = text.lowercased()
        let matches = known.filter { wanted.count >= 6 && $0.hasPrefix(wanted) }
        guard let content = matches.first, matches.count == 1 else {
          throw Failure(
            .permanent, code: matches.isEmpty ? "CONTENT_NOT_QUARANTINED" : "CONTENT_AMBIGUOUS",
            matches.isEmpty
              ? "No process has died on a content '\(text)'." : "More than one content begins with '\(text)'.",
            hint: "`ingestd dead quarantine` lists them.", category: matches.isEmpty ? .notFound : .invalid)
        }
        let lifted = try await installation.operations(as: context.actor).jobs.liftQuarantine(
          ContentHash(rawValue: content), actor: context.actor.description)
        try context.console.json(Lifted(content: content, lifted: lifted))
        try context.console.line("content \(content.prefix(12)) is tried again")
      }
    }
  }

  /// What `--json` prints of each.
  private struct Lifted: Encodable {
    var content: String
    var lifted: Bool
  }
}
