/// A scanner that walks a text once, from atom to atom.
struct AtomScanner {
  /// Maximum number of pieces in an atom. A text without any place to cut is cut at this size.
  private static let pieces = 8
  /// Maximum number of letters in one step. Together with ``pieces`` it limits an atom to twice as many pieces.
  private static let run = 28
  /// Maximum number of marks after one character. More are treated as noise and cut.
  private static let marks = 32

  private let bytes: UnsafeBufferPointer<UInt8>
  /// Start of each section in scalars, ascending; the first is 0.
  private let sections: [Int]
  private let ascii: [ScalarClass]
  private var byte = 0
  private var scalar = 0
  private var section = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, sections: [Int]) {
    self.bytes = bytes
    self.sections = sections
    ascii = ScalarClass.ascii
    _ = skipSpace()
  }

  /// Returns the next atom; nil at the end. Space around an atom belongs to none.
  mutating func next() -> Atom? {
    guard byte < bytes.count else { return nil }
    while section + 1 < sections.count, sections[section + 1] <= scalar { section += 1 }
    let stop = section + 1 < sections.count ? sections[section + 1] : .max
    var atom = Atom(
      startByte: byte, endByte: byte, startScalar: scalar, endScalar: scalar, section: section, tokens: 0,
      boundary: .scalar)
    var count = PieceCount()
    var last: UInt32 = 0
    var marks = 0
    var ended = false
    while byte < bytes.count, scalar < stop {
      let (value, kind, length) = peek()
      if kind == .space || kind == .newline { break }
      marks = kind == .mark ? marks + 1 : 0
      if kind != .mark || marks > Self.marks {
        if ended || count.total >= Self.pieces { break }
      }
      let run = kind == .letter && length == 1 ? asciiLetters(before: stop) : 1
      count.add(kind, run)
      byte += run == 1 ? length : run
      scalar += run
      // A closing quote or bracket does not hide the full stop before it.
      if !Self.closes(value) { last = value }
      if kind == .ideographStop { ended = true }
    }
    atom.endByte = byte
    atom.endScalar = scalar
    atom.tokens = max(1, count.total)
    let space = skipSpace()
    atom.boundary = boundary(after: last, ideograph: ended, space: space, letters: atom.endScalar - atom.startScalar)
    return atom
  }

  /// Returns how many ASCII letters in a row begin here. Most of a text is such runs, so they have a fast path.
  private func asciiLetters(before stop: Int) -> Int {
    let limit = min(Self.run, stop - scalar, bytes.count - byte)
    var count = 1
    while count < limit, bytes[byte + count] & 0xDF &- 0x41 < 26 { count += 1 }
    return count
  }

  /// Skips space and returns the number of line ends, and whether anything was skipped.
  private mutating func skipSpace() -> (newlines: Int, any: Bool) {
    var newlines = 0
    let start = byte
    while byte < bytes.count {
      let (_, kind, length) = peek()
      guard kind == .space || kind == .newline else { break }
      if kind == .newline { newlines += 1 }
      byte += length
      scalar += 1
    }
    return (newlines, byte > start)
  }

  private func boundary(
    after last: UInt32, ideograph: Bool, space: (newlines: Int, any: Bool), letters: Int
  ) -> Boundary {
    if space.newlines > 1 { return .paragraph }
    if ideograph { return .sentence }
    guard space.any else { return .scalar }
    switch last {
    case 0x2E:
      // "A." and "e.g." rarely end a sentence, and a small letter does not begin one.
      if letters > 2, !startsLowercase { return .sentence }
    case 0x21, 0x3F, 0x2026, 0x61F, 0x6D4, 0x964: return .sentence
    default: break
    }
    return space.newlines == 1 ? .line : .word
  }

  private var startsLowercase: Bool {
    byte < bytes.count && bytes[byte] >= UInt8(ascii: "a") && bytes[byte] <= UInt8(ascii: "z")
  }

  private static func closes(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x22, 0x27, 0x29, 0x5D, 0x7D, 0x2019, 0x201D, 0xBB: true
    default: false
    }
  }

  private func peek() -> (value: UInt32, kind: ScalarClass, length: Int) {
    let first = bytes[byte]
    if first < 0x80 { return (UInt32(first), ascii[Int(first)], 1) }
    let length = UTF8Length.ofScalar(startingWith: first)
    var value = UInt32(first) & (0xFF >> UInt32(length + 1))
    for place in 1..<length { value = value << 6 | UInt32(bytes[byte + place] & 0x3F) }
    return (value, ScalarClass(beyondASCII: value), length)
  }
}
