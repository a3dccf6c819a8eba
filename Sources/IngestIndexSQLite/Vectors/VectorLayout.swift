/// How vectors lie in their file: a header page, then rows of equal length, each a whole number of cache lines.
struct VectorLayout: Hashable, Sendable {
  let dimensions: Int
  /// Floats of a row: the dimensions, then zeros up to a multiple of 16.
  let floats: Int

  init(dimensions: Int) {
    self.dimensions = dimensions
    floats = (dimensions + 15) / 16 * 16
  }

  /// Bytes before the first row.
  static let header = 4096
  /// Bytes of a row.
  var stride: Int { floats * MemoryLayout<Float>.stride }

  func offset(of slot: Int) -> Int { Self.header + slot * stride }

  /// The header's meaningful bytes.
  var magic: [UInt8] {
    Array("ingestd vectors 1\n".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: dimensions >> (8 * $0)) }
  }

  /// A vector as a row. A chunk without one gets NaN, which no comparison finds and no search returns.
  func append(_ vector: [Float]?, to rows: inout [Float]) {
    if let vector {
      rows.append(contentsOf: vector)
    } else {
      rows.append(contentsOf: repeatElement(.nan, count: dimensions))
    }
    rows.append(contentsOf: repeatElement(0, count: floats - dimensions))
  }

  /// A number that changes with any bit of the row, for `index verify`: a multiply and a shift for each eight bytes.
  static func checksum(_ row: UnsafeRawBufferPointer) -> Int64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for offset in Swift.stride(from: 0, to: row.count - 7, by: 8) {
      hash = (hash ^ row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    return Int64(bitPattern: hash)
  }
}
