package import IngestCore

/// Accepts the submits that the intake makes.
package protocol Submitter: Sendable {
  /// What each request would be answered without accepting anything: `unchanged` or `duplicate`; nil where it would be
  /// accepted.
  func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?]

  /// Accepts several requests, which share a transaction; where one of them is refused, each is submitted by itself.
  /// - Parameter keep: called with the position of each request that is not settled and only names its bytes, before it is
  ///   accepted: to store them. An error that it throws is that request's failure.
  func submit(
    _ requests: [SubmitRequest], keep: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> [Result<SubmitReceipt, Failure>]

  /// The uris of a source's documents that begin with a prefix, in their order, deleted ones left out.
  func uris(index: String, source: String, prefix: String, after: String?, limit: Int) async throws -> [String]
}
