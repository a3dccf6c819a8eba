import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd index verify`.
package enum IndexVerifyCommand: Command {
  package static let repair = Parameter(
    flag: "--repair", summary: "Remove what should not be there, and queue what is missing.")

  package static let spec = CommandSpec(
    "index verify", "Prove that an index holds exactly what the catalogue says", group: .indexes,
    details: ["Every open generation is compared with the catalogue chunk by chunk: none missing, stale or twice."],
    parameters: [SharedParameters.indexName.spec, SharedParameters.generation.spec, repair.spec],
    examples: [.init("ingestd index verify docs --repair", "Prove it, and mend what is wrong.")],
    exits: [.init(1, "something is missing, stale or there twice"), .init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    try await context.withInstallation { installation in
      let open = try await installation.store.list(name).filter(\.isOpen)
      let numbers = context[SharedParameters.generation].map { [$0] } ?? open.map(\.number)
      var failures: [Failure] = []
      for number in numbers {
        let report = try await installation.operations(as: context.actor).verify(
          name, generation: number, repair: context[repair])
        let summary = VerificationSummary(index: name, report)
        try context.console.json(summary)
        try summary.print(context.console)
        if let failure = summary.failure { failures.append(failure) }
      }
      // What is wrong weighs more than what cannot be known yet.
      guard let failure = failures.first(where: { $0.category == .failed }) ?? failures.first else { return }
      if context.console.isJSON { throw ExitStatus(failure.category.exitStatus) }
      throw failure
    }
  }
}
