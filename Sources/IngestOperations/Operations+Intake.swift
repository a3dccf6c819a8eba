package import IngestCore
import IngestIntake

/// Files are submitted through the same operation as everything else.
extension Operations: Submitter {
  package func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?] {
    try await submits.settled(requests)
  }

  package func uris(
    index: String, source: String, prefix: String, after: String?, limit: Int
  ) async throws -> [String] {
    try await documents.uris(index: index, source: source, prefix: prefix, after: after, limit: limit)
  }
}
