package import IngestCore
import IngestIndex

extension Operations {
  /// Accepts a document or its deletion. What is settled already is found without a write.
  package func submit(_ request: SubmitRequest) async throws -> SubmitReceipt {
    if let receipt = try await submits.settled([request]).first ?? nil { return receipt }
    return try await submits.submit(request)
  }

  /// The same for several, which share a transaction; where one of them is refused, each is submitted by itself.
  package func submit(_ requests: [SubmitRequest]) async throws -> [Result<SubmitReceipt, Failure>] {
    let settled = try await submits.settled(requests)
    let open = zip(requests, settled).filter { $0.1 == nil }.map(\.0)
    var receipts: [Result<SubmitReceipt, Failure>] = []
    do {
      receipts = try await submits.submit(open).map { .success($0) }
    } catch {
      for request in open {
        do { receipts.append(.success(try await submits.submit(request))) } catch {
          receipts.append(.failure(Failure(error)))
        }
      }
    }
    var next = receipts.makeIterator()
    return settled.compactMap { known in known.map { .success($0) } ?? next.next() }
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
