package import IngestCore
import IngestStore

extension StoreFixture {
  /// Returns a request that starts a workflow without a document.
  package static func start(
    _ workflow: PinnedWorkflow = workflow("alone"), _ input: String = "{}", source: String = "default",
    notBefore: Timestamp? = nil, key: String? = nil
  ) -> EnqueueRequest {
    EnqueueRequest(
      workflow: workflow, input: input, inputHash: ContentHash(rawValue: "hash-of-\(input)"), source: source,
      notBefore: notBefore, idempotencyKey: key, keyLife: .seconds(86_400), actor: "test")
  }

  /// Starts a workflow and requires that the start is accepted.
  package func start(
    _ workflow: PinnedWorkflow = workflow("alone"), _ input: String = "{}", source: String = "default"
  ) async throws -> JobID {
    let receipt = try await store.enqueue(Self.start(workflow, input, source: source))
    guard receipt.outcome == .accepted else {
      throw Failure(.permanent, code: "NOT_ACCEPTED", "The start was \(receipt.outcome.rawValue).")
    }
    return receipt.job
  }
}
