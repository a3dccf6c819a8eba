import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index verify`.
package enum IndexVerifyCommand: Command {
  package static let repair = Parameter(
    flag: "--repair", summary: "Remove what should not be there, and queue what is missing.")

  package static let spec = CommandSpec(
    "index verify", "Prove that an index holds exactly what the catalogue says", section: .indexes,
    details: ["Every open generation is compared with the catalogue chunk by chunk: none missing, stale or twice."],
    parameters: [SharedParameters.indexName.spec, SharedParameters.generation.spec, repair.spec],
    examples: [.init("ingestd index verify docs --repair", "Prove it, and mend what is wrong.")],
    exits: [.init(1, "something is missing, stale or there twice"), .init(3, "the index does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    var failures: [Failure] = []
    try await context.withOperations { operations in
      try await operations.verify(name, only: context[SharedParameters.generation], repair: context[repair]) { report in
        let response = VerificationResponse(index: name, report)
        try context.console.json(response)
        try VerificationText.print(response, context.console)
        if let failure = report.failure(index: name) { failures.append(failure) }
      }
    }
    // What is wrong weighs more than what cannot be known yet.
    guard let failure = failures.first(where: { $0.category == .failed }) ?? failures.first else { return }
    if context.console.isJSON { throw ExitStatus(failure.category.exitStatus) }
    throw failure
  }
}
