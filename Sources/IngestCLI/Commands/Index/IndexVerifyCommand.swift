import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index verify`.
package enum IndexVerifyCommand: Command {
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max), summary: "Only this generation. Default: all open ones.")
  package static let repair = Parameter(
    flag: "--repair", summary: "Remove what should not be there, and queue what is missing.")

  package static let spec = CommandSpec(
    "index verify", "Prove that an index holds exactly what the catalogue says", section: .indexes,
    details: [
      "Compares each open generation with the catalogue, chunk by chunk: none may be missing, stale or stored twice."
    ],
    parameters: [SharedParameters.indexName.spec, generation.spec, repair.spec],
    examples: [.init("ingestd index verify docs --repair", "Prove it, and repair what is wrong.")],
    exits: [
      .init(1, "something is missing, stale or stored twice"), .init(3, "the index or generation does not exist"),
      .init(4, "the generation was deleted"), .init(75, "jobs are still writing documents, so nothing can be proved"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    var failures: [Failure] = []
    try await context.withOperations { operations in
      try await operations.verify(name, only: context[Self.generation], repair: context[repair]) { report in
        let response = VerificationResponse(index: name, report)
        try context.console.json(response)
        try VerificationText.print(response, context.console)
        if let failure = report.failure(index: name) { failures.append(failure) }
      }
    }
    // A difference is worse than a proof that is not possible yet.
    guard let failure = failures.first(where: { $0.category == .failed }) ?? failures.first else { return }
    if context.console.isJSON { throw ExitStatus(failure.category.exitStatus) }
    throw failure
  }
}
