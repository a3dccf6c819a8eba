import Glibc
import IngestFuzz

/// Damages PDFs as disks, mail gateways and attackers do. The same seed gives the same damage.
struct PDFMutator {
  enum Damage: CaseIterable {
    case flippedBits, overwritten, truncated, spliced, streams, numbers, references, crossReferences, nesting, keywords
    case removed, repeated
  }

  private var mutator: Mutator
  private let sources: [[UInt8]]

  init(seed: UInt64, sources: [[UInt8]]) {
    mutator = Mutator(seed: seed)
    self.sources = sources
  }

  mutating func next() -> (bytes: [UInt8], damage: Damage) {
    var bytes = pick(sources)
    let damage = pick(Damage.allCases)
    apply(damage, to: &bytes)
    // Every third file gets a second kind of damage, since damage seldom comes alone.
    if mutator.below(3) == 0 { apply(pick(Damage.allCases), to: &bytes) }
    return (bytes, damage)
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[mutator.below(values.count)] }

  private mutating func apply(_ damage: Damage, to bytes: inout [UInt8]) {
    guard bytes.count > 16 else { return }
    switch damage {
    case .flippedBits:
      for _ in 0...mutator.below(64) { bytes[mutator.below(bytes.count)] ^= 1 << UInt8(mutator.below(8)) }
    case .overwritten:
      let start = mutator.below(bytes.count)
      let end = min(bytes.count, start + 1 + mutator.below(512))
      for place in start..<end { bytes[place] = UInt8(mutator.below(256)) }
    case .truncated:
      bytes.removeLast(mutator.below(bytes.count))
    case .spliced:
      let other = pick(sources)
      bytes = Array(bytes.prefix(mutator.below(bytes.count))) + other.suffix(mutator.below(other.count))
    case .streams:
      // Changes bytes within the compressed data of pages, fonts, object streams and cross-reference streams.
      for _ in 0..<3 {
        guard let start = place(of: "stream", in: bytes) else { return }
        for _ in 0...mutator.below(24) {
          bytes[min(bytes.count - 1, start + 8 + mutator.below(400))] = UInt8(mutator.below(256))
        }
      }
    case .numbers:
      let huge = ["99999999999", "-1", "2147483647", "4294967296", "9223372036854775807", "0", "1e99", "-2147483648"]
      for _ in 0...mutator.below(6) { replaceNumber(in: &bytes, with: pick(huge)) }
    case .references:
      // Some references then point at themselves, or back up the tree of pages.
      for _ in 0...mutator.below(8) {
        guard let end = place(of: " 0 R", in: bytes), end > 0 else { return }
        bytes[end - 1] = UInt8(48 + mutator.below(10))
      }
    case .crossReferences:
      let loop = pick(["/Prev 9", "/Prev 0", "/XRefStm 15", "/Prev 99999999"])
      if let place = place(of: "trailer", in: bytes) ?? place(of: "/XRef", in: bytes) {
        let room = bytes[place...].firstIndex(of: 0x3C).map { $0 + 2 } ?? place
        bytes.insert(contentsOf: Array(loop.utf8), at: min(room, bytes.count))
      }
      if let place = place(of: "startxref", in: bytes), mutator.below(2) == 0 {
        let tail = "startxref\n\(mutator.below(bytes.count * 2))\n%%EOF\n"
        bytes.replaceSubrange(place..., with: Array(tail.utf8))
      }
    case .nesting:
      let (open, depth) = (pick(["[", "<<", "<</A", "(", "[<<"]), 1 << (4 + mutator.below(14)))
      let place = place(of: pick(["obj", "/Kids", "/Contents", "/Resources", "stream"]), in: bytes) ?? 0
      bytes.insert(contentsOf: Array(String(repeating: open, count: depth).utf8), at: min(bytes.count, place + 3))
    case .keywords:
      let words =
        ["endobj", "endstream", "stream\n", "obj", "/Filter/FlateDecode", "/Filter[/ASCIIHexDecode/LZWDecode]"]
        + [
          "/Filter/RunLengthDecode", "/Count 1000000", "/Length 0", "/Encrypt 1 0 R", "/Type/ObjStm/N 9999999/First 4",
        ]
      for _ in 0...mutator.below(5) {
        bytes.insert(contentsOf: Array(pick(words).utf8), at: mutator.below(bytes.count))
      }
    case .removed:
      let start = mutator.below(bytes.count)
      bytes.removeSubrange(start..<min(bytes.count, start + 1 + mutator.below(2048)))
    case .repeated:
      let start = mutator.below(bytes.count)
      let piece = bytes[start..<min(bytes.count, start + 1 + mutator.below(1024))]
      bytes.insert(contentsOf: (0...mutator.below(40)).flatMap { _ in piece }, at: start)
    }
  }

  /// Returns where one of the word's occurrences starts.
  private mutating func place(of word: String, in bytes: [UInt8]) -> Int? {
    let word = Array(word.utf8)
    let start = mutator.below(bytes.count)
    return find(word, in: bytes[start...]) ?? find(word, in: bytes[...])
  }

  private func find(_ word: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    let found = bytes.withUnsafeBytes { bytes -> Int? in
      var start = 0
      while let base = bytes.baseAddress, bytes.count - start >= word.count,
        let place = memchr(base + start, Int32(word[0]), bytes.count - word.count - start + 1)
      {
        if memcmp(place, word, word.count) == 0 { return base.distance(to: place) }
        start = base.distance(to: place) + 1
      }
      return nil
    }
    return found.map { bytes.startIndex + $0 }
  }

  private mutating func replaceNumber(in bytes: inout [UInt8], with text: String) {
    let start = mutator.below(bytes.count)
    guard let first = bytes[start...].firstIndex(where: { $0 &- 48 < 10 }) else { return }
    let end = bytes[first...].firstIndex { $0 &- 48 >= 10 } ?? bytes.count
    bytes.replaceSubrange(first..<end, with: Array(text.utf8))
  }
}
