package import IngestCore

extension Operations {
  /// Accepts a document or its deletion. A request that needs no new revision is answered without a write.
  package func submit(_ request: SubmitRequest) async throws -> SubmitReceipt {
    if let receipt = try await submits.settled([request]).first ?? nil { return receipt }
    return try await submits.submit(request)
  }

  /// Accepts several requests in one transaction. If one of them is refused, each is submitted in a transaction of its own.
  /// - Parameter keep: stores the bytes of a request. Called with the request's position before the request is accepted, if
  ///   it is not settled and carries only a hash. An error that it throws becomes that request's failure.
  package func submit(
    _ requests: [SubmitRequest], keep: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> [Result<SubmitReceipt, Failure>] {
    var results = try await submits.settled(requests).map { $0.map { Result<SubmitReceipt, Failure>.success($0) } }
    let failed = await withTaskGroup(of: (Int, Failure)?.self) { group in
      for position in requests.indices where results[position] == nil {
        guard case .stored = requests[position].change else { continue }
        group.addTask {
          do {
            try await keep(position)
            return nil
          } catch {
            return (position, Failure(error))
          }
        }
      }
      var failed: [Int: Failure] = [:]
      for await case (let position, let failure)? in group { failed[position] = failure }
      return failed
    }
    for (position, failure) in failed { results[position] = .failure(failure) }
    let open = requests.indices.filter { results[$0] == nil }
    for (position, result) in zip(open, try await accept(open.map { requests[$0] })) { results[position] = result }
    return results.compactMap { $0 }
  }

  private func accept(_ open: [SubmitRequest]) async throws -> [Result<SubmitReceipt, Failure>] {
    guard !open.isEmpty else { return [] }
    if let receipts = try? await submits.submit(open) { return receipts.map { .success($0) } }
    var results: [Result<SubmitReceipt, Failure>] = []
    for request in open {
      do {
        results.append(.success(try await submits.submit(request)))
      } catch {
        results.append(.failure(Failure(error)))
      }
    }
    return results
  }
}
