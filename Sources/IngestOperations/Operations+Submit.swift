package import IngestCore
import IngestIndex

extension Operations {
  /// Accepts a document or its deletion. What is settled already is found without a write.
  package func submit(_ request: SubmitRequest) async throws -> SubmitReceipt {
    if let receipt = try await submits.settled([request]).first ?? nil { return receipt }
    return try await submits.submit(request)
  }

  /// The same for several, which share a transaction; where one of them is refused, each is submitted by itself.
  /// - Parameter keep: called with the position of each request that is not settled and only names its bytes, before it is
  ///   accepted: to store them. What it throws is that request's failure.
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

/// Checks names that people choose.
package enum NameRule {
  /// Sources and indexes: letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
  /// - Throws: `NAME_INVALID`.
  package static func check(_ name: String, of what: String, longest: Int) throws(Failure) {
    let isSound =
      !name.isEmpty && name.utf8.count <= longest
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      } && name.utf8.first.map { ![UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0) } == true
    guard isSound else {
      throw Failure(
        .permanent, code: "NAME_INVALID", "'\(name)' cannot be the name of \(what).",
        hint: "Use 1 to \(longest) letters, digits, '.', '_' or '-', beginning with a letter or digit.",
        category: .invalid)
    }
  }

  package static func checkSource(_ name: String) throws(Failure) {
    try check(name, of: "a source", longest: 128)
    if name == "system" {
      throw Failure(
        .permanent, code: "NAME_INVALID", "'system' is the source of ingestd's own jobs.",
        hint: "Choose another name.", category: .invalid)
    }
  }

  package static func checkIndex(_ name: String) throws(Failure) {
    try check(name, of: "an index", longest: 64)
  }
}
