/// An exact search: the dot product of the query with every row, on one thread, at memory speed.
struct VectorScan {
  private let layout: VectorLayout
  private let query: [SIMD8<Float>]

  /// - Parameter query: has as many floats as the layout has dimensions.
  init(query: [Float], layout: VectorLayout) {
    self.layout = layout
    var padded = query
    padded.append(contentsOf: repeatElement(0, count: layout.floats - query.count))
    self.query = stride(from: 0, to: padded.count, by: 8).map { SIMD8(padded[$0..<$0 + 8]) }
  }

  /// Adds the best of these slots to `top`.
  func scan(_ mapping: VectorMapping, file: Int, slots: Range<Int>, into top: inout TopCandidates) {
    guard !slots.isEmpty else { return }
    precondition(layout.offset(of: slots.upperBound) <= mapping.bytes, "a scan stays within its mapping")
    query.withUnsafeBufferPointer { query in
      guard let first = query.baseAddress else { return }
      var row = mapping.start + layout.offset(of: slots.lowerBound)
      for slot in slots {
        let score = Self.dot(first, row, blocks: query.count)
        if score > top.threshold { top.insert(.init(score: score, file: file, slot: slot)) }
        row += layout.stride
      }
    }
  }

  /// Uses four sums, because additions to a single one would wait for each other. A row is a whole number of pairs of
  /// blocks.
  @inline(__always)
  private static func dot(_ query: UnsafePointer<SIMD8<Float>>, _ row: UnsafeRawPointer, blocks: Int) -> Float {
    let row = row.assumingMemoryBound(to: SIMD8<Float>.self)
    var a = SIMD8<Float>.zero
    var b = SIMD8<Float>.zero
    var c = SIMD8<Float>.zero
    var d = SIMD8<Float>.zero
    var block = 0
    while block + 4 <= blocks {
      a += query[block] * row[block]
      b += query[block + 1] * row[block + 1]
      c += query[block + 2] * row[block + 2]
      d += query[block + 3] * row[block + 3]
      block += 4
    }
    while block < blocks {
      a += query[block] * row[block]
      block += 1
    }
    return ((a + b) + (c + d)).sum()
  }
}
