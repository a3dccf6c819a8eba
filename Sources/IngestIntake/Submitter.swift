package import IngestCore

/// Accepts the submits that the intake makes.
package protocol Submitter: Sendable {
  /// Returns the answer to each request that needs no new revision: `unchanged` or `duplicate`. The others are nil. Accepts
  /// nothing.
  func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?]

  /// Accepts several requests in one transaction. If one of them is refused, each is submitted in a transaction of its own.
  /// - Parameter keep: stores the bytes of a request. Called with the request's position before the request is accepted, if
  ///   it is not settled and carries only a hash. An error that it throws becomes that request's failure.
  func submit(
    _ requests: [SubmitRequest], keep: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> [Result<SubmitReceipt, Failure>]

  /// Returns the uris of a source's documents that begin with a prefix, sorted. Deleted documents are left out.
  func uris(index: String, source: String, prefix: String, after: String?, limit: Int) async throws -> [String]
}
