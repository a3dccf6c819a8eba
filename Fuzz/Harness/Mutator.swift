import IngestCore

/// A mutator that changes inputs without coverage feedback, for runs in the test suite. The same seed gives the same
/// changes.
package struct Mutator: Sendable {
  private var random: SplitMix
  private let words: [[UInt8]]
  private let longest: Int

  package init(seed: UInt64, words: [String] = [], longest: Int = .max) {
    random = SplitMix(seed: seed)
    self.words = words.map { Array($0.utf8) } + Self.oddities
    self.longest = longest
  }

  /// Bytes that often confuse readers: half characters, marks, ends of ranges.
  private static let oddities: [[UInt8]] = [
    [0], [0xFF], [0x80], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF], [0xE2, 0x80, 0x8D],
    [0xCC, 0x81], [0x0D, 0x0A], Array("9223372036854775807".utf8), Array("-1".utf8), Array("1e999".utf8),
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0xF0, 0x9F, 0x91, 0xA8],
  ]

  package mutating func next() -> UInt64 { random.next() }

  /// Returns a number below `bound`, which is at least 1.
  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// Makes one to eight changes. Parts of `other` may be spliced in.
  package mutating func mutate(_ bytes: [UInt8], with other: [UInt8] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(8) { change(&bytes, other) }
    if bytes.count > longest { bytes.removeLast(bytes.count - longest) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
    let place = below(bytes.count + 1)
    let length = min(bytes.count - place, 1 + below(1 << below(8)))
    switch below(9) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
    case 2: bytes.removeSubrange(place..<place + length)
    case 3: bytes.insert(contentsOf: (0...below(4)).map { _ in UInt8(below(256)) }, at: place)
    case 4, 5: bytes.insert(contentsOf: words[below(words.count)], at: place)
    case 6: bytes.insert(contentsOf: bytes[place..<place + length], at: below(bytes.count + 1))
    case 7 where !other.isEmpty:
      let start = below(other.count)
      bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + below(64))], at: place)
    default: bytes.removeLast(below(bytes.count / 4 + 1))
    }
  }
}
