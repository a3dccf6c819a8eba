/// The layout of vectors in their file: a header page, then rows of equal length, each a whole number of cache lines.
struct VectorLayout: Hashable, Sendable {
  let dimensions: Int
  /// Floats per row: the dimensions, padded with zeros to a multiple of 16.
  let floats: Int

  init(dimensions: Int) {
    self.dimensions = dimensions
    floats = (dimensions + 15) / 16 * 16
  }

  /// Number of bytes before the first row.
  static let header = 4096
  /// Number of bytes of a row.
  var stride: Int { floats * MemoryLayout<Float>.stride }

  func offset(of slot: Int) -> Int { Self.header + slot * stride }

  /// The header's meaningful bytes.
  var magic: [UInt8] {
    Array("ingestd vectors 1\n".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: dimensions >> (8 * $0)) }
  }

  /// Appends a vector as a row. A chunk without a vector gets NaN, which compares false, so no search returns it.
  func append(_ vector: [Float]?, to rows: inout [Float]) {
    if let vector {
      rows.append(contentsOf: vector)
    } else {
      rows.append(contentsOf: repeatElement(.nan, count: dimensions))
    }
    rows.append(contentsOf: repeatElement(0, count: floats - dimensions))
  }

  /// Returns a number that changes with any bit of the row, for `index verify`. It costs a multiplication and a shift
  /// per eight bytes.
  static func checksum(_ row: UnsafeRawBufferPointer) -> Int64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for offset in Swift.stride(from: 0, to: row.count - 7, by: 8) {
      hash = (hash ^ row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    return Int64(bitPattern: hash)
  }
}
