internal import FoundationEssentials
internal import IngestCore

/// A response of `/v1/embeddings`: `{"data":[{"index":0,"embedding":[…]}]}`, with vectors as numbers or in base64.
package struct EmbeddingAnswer: Sendable {
  /// The reason why a response, or one of its vectors, cannot be used.
  package enum Problem: Error, Hashable {
    case notJSON(at: Int)
    case count(expected: Int, found: Int)
    /// The index occurs twice or is out of range.
    case index(Int)
    case dimension(Int)
    /// The vector has no direction: it has a value that is not a number or infinite, or it is zero.
    case noDirection
  }

  /// The vectors by position of the text, L2-normalised.
  package private(set) var vectors: [Result<[Float], Problem>]
  /// The number of billed tokens, if the server reports it.
  package let tokens: Int?

  /// - Throws: a ``Problem`` of the whole response.
  init(_ body: [UInt8], count: Int, dimensions: Int) throws(Problem) {
    let (items, tokens) = try Self.items(body, dimensions: dimensions)
    self.tokens = tokens
    guard items.count == count else { throw .count(expected: count, found: items.count) }
    var found: [Result<[Float], Problem>?] = Array(repeating: nil, count: count)
    for (order, item) in items.enumerated() {
      // Servers that omit the index return the vectors in order.
      let index = item.index ?? order
      guard found.indices.contains(index), found[index] == nil else { throw .index(index) }
      guard item.vector.count == dimensions else { throw .dimension(item.vector.count) }
      found[index] = Self.normalised(item.vector)
    }
    vectors = found.compactMap { $0 }
  }

  private struct Item {
    var index: Int?
    var vector: [Float] = []
  }

  private static func items(_ body: [UInt8], dimensions: Int) throws(Problem) -> ([Item], tokens: Int?) {
    var items: [Item] = []
    var tokens: Int?
    var found = false
    var scanner = JSONScanner(body)
    do {
      try scanner.object { scanner, key in
        if key.elementsEqual("usage".utf8), scanner.isObject() { return tokens = try total(&scanner) }
        guard key.elementsEqual("data".utf8) else { return try scanner.skip() }
        found = true
        try scanner.array { items.append(try item(&$0, dimensions)) }
      }
      try scanner.end()
    } catch let error as JSONScanner.Malformed {
      throw .notJSON(at: error.position)
    } catch {
      throw .notJSON(at: scanner.position)
    }
    guard found else { throw .notJSON(at: 0) }
    return (items, tokens)
  }

  private static func total(_ scanner: inout JSONScanner) throws -> Int? {
    var total: Int?
    try scanner.object { scanner, key in
      guard key.elementsEqual("total_tokens".utf8) else { return try scanner.skip() }
      let number = try scanner.number()
      total = number >= 0 && number < 1e12 ? Int(number) : nil
    }
    return total
  }

  private static func item(_ scanner: inout JSONScanner, _ dimensions: Int) throws -> Item {
    var item = Item()
    try scanner.object { scanner, key in
      if key.elementsEqual("index".utf8) {
        item.index = Int(exactly: try scanner.number()) ?? -1
      } else if key.elementsEqual("embedding".utf8) {
        if scanner.isString() {
          item.vector = try base64(scanner.string(), at: scanner.position)
        } else {
          item.vector.reserveCapacity(dimensions)
          try scanner.array { item.vector.append(Float(try $0.number())) }
        }
      } else {
        try scanner.skip()
      }
    }
    return item
  }

  /// Decodes little-endian 32-bit floats.
  private static func base64(_ text: ArraySlice<UInt8>, at position: Int) throws -> [Float] {
    // Some servers escape the slash, which is a character of base64.
    let plain = text.contains(UInt8(ascii: "\\")) ? text.filter { $0 != UInt8(ascii: "\\") }[...] : text
    guard let data = Data(base64Encoded: Data(plain)), data.count % 4 == 0 else {
      throw JSONScanner.Malformed(position: position)
    }
    return data.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { place in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
      }
    }
  }

  private static func normalised(_ vector: [Float]) -> Result<[Float], Problem> {
    var squares = 0.0
    for value in vector { squares += Double(value) * Double(value) }
    guard squares.isFinite, squares > 1e-24 else { return .failure(.noDirection) }
    let scale = 1 / squares.squareRoot()
    return .success(vector.map { Float(Double($0) * scale) })
  }
}

extension EmbeddingAnswer.Problem {
  var description: String {
    switch self {
    case .notJSON(let position): "it is not an embedding response in JSON, see byte \(position)"
    case .count(let expected, let found): "\(found) vectors for \(expected) texts"
    case .index(let index): "the index \(index) is out of range or occurs twice"
    case .dimension(let found): "a vector of \(found) dimensions"
    case .noDirection: "a vector that is not finite or is zero"
    }
  }
}
