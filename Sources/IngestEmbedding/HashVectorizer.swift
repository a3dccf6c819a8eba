/// The algorithm `hash/1`. Its vectors are stored for years, so a change of any number here makes a different model.
///
/// 1. ``HashFolding`` folds the text, which is then split into words. A character that stands alone (Han, kana) is a word,
///    and so is each pair of two such neighbours.
/// 2. The weight of a word is 2.2·n / (n + 1.2), where n is the number of its occurrences, times a factor. The factor is
///    0.3, 0.4 and 0.6 for one, two and three characters, because short words say little, and 1 for longer words and for
///    words with digits. It is 0.15 for the commonest English words.
/// 3. The features of a word are the word itself, with its weight, and all its runs of 3 to 5 characters, with its two ends
///    marked. The runs share 0.8 of the weight so that the squares add up, and long words count no more than short ones.
/// 4. Each feature is hashed to 64 bits. The upper 32 bits choose the dimension, bit 16 the sign.
/// 5. The sum is divided by its length. If the length is zero (no word, or features that cancel out), the hash of the bytes
///    chooses one dimension. So every text has a unit vector, and equal texts have equal vectors.
///
/// The algorithm uses only additions, multiplications, divisions and square roots in a fixed order, which IEEE 754
/// defines to the bit.
struct HashVectorizer {
  private struct Word {
    var hash: UInt64
    var start: Int32
    var length: Int32
    var count: Float
    /// Whether this is a character that stands alone, or a pair of them. It has no runs.
    var whole: Bool
    var digits: Bool
  }

  private let dimensions: Int
  /// The letters of all words, one after the other, each word between its two marks.
  private var letters: [UInt32] = []
  private var words: [Word] = []
  /// A hash table of the positions in ``words``, plus one. Its size is a power of two and at least twice the number of
  /// words.
  private var slots: [Int32] = Array(repeating: 0, count: 1024)

  init(dimensions: Int) { self.dimensions = dimensions }

  mutating func vector(_ text: String) -> [Float] {
    var text = text
    return text.withUTF8 { bytes in
      scan(bytes)
      var sum = [Float](repeating: 0, count: dimensions)
      sum.withUnsafeMutableBufferPointer { add(into: $0) }
      var squares: Float = 0
      for value in sum { squares += value * value }
      if squares > 1e-9 {
        let scale = 1 / squares.squareRoot()
        for position in sum.indices { sum[position] *= scale }
      } else {
        var hash = Self.seed
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* Self.prime }
        sum = [Float](repeating: 0, count: dimensions)
        let (position, sign) = place(hash)
        sum[position] = sign
      }
      return sum
    }
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
  /// The marks of a word's start and end in ``letters``. No folded scalar has these values.
  private static let first: UInt32 = 2
  private static let last: UInt32 = 3

  // MARK: Words

  private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
    letters.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    for position in slots.indices { slots[position] = 0 }
    var start = 0
    var hash = Self.seed
    var digits = false
    // The previous character if it stood alone, for the pair.
    var neighbour: UInt32 = 0
    letters.append(Self.first)
    func isDigit(_ letter: UInt32) -> Bool { letter >= 48 && letter <= 57 }
    HashFolding.ascii.withUnsafeBufferPointer { ascii in
      var position = 0
      while position < bytes.count {
        let byte = bytes[position]
        var letter: UInt32
        if byte < 0x80 {
          letter = ascii[Int(byte)]
          position += 1
        } else {
          letter = HashFolding.fold(Self.decode(bytes, &position))
          if letter == HashFolding.ignored { continue }
        }
        if letter >= 0x3005, HashFolding.standsAlone(letter) {
          endWord(&start, &hash, &digits)
          addAlone(neighbour, letter, &start)
          neighbour = letter
        } else if letter != HashFolding.separator {
          letters.append(letter)
          hash = (hash ^ UInt64(letter)) &* Self.prime
          digits = digits || isDigit(letter)
          neighbour = 0
        } else {
          endWord(&start, &hash, &digits)
          neighbour = 0
        }
      }
    }
    endWord(&start, &hash, &digits)
  }

  /// Returns the scalar at `position` and moves past it. The bytes of a `String` are valid UTF-8, and not ASCII here.
  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt32 {
    let lead = UInt32(bytes[position])
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var scalar = lead & (0x7F >> UInt32(length))
    for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[position + offset] & 0x3F) }
    position += length
    return scalar
  }

  private mutating func endWord(_ start: inout Int, _ hash: inout UInt64, _ digits: inout Bool) {
    let length = letters.count - start - 1
    guard length > 0 else { return }
    letters.append(Self.last)
    let word = Word(
      hash: hash, start: Int32(start), length: Int32(length), count: 1, whole: false, digits: digits)
    if !count(word) { letters.removeLast(letters.count - start) }
    start = letters.count
    letters.append(Self.first)
    hash = Self.seed
    digits = false
  }

  private mutating func addAlone(_ neighbour: UInt32, _ letter: UInt32, _ start: inout Int) {
    let single = (Self.seed ^ UInt64(letter)) &* Self.prime
    _ = count(Word(hash: single, start: 0, length: 1, count: 1, whole: true, digits: false))
    guard neighbour != 0 else { return }
    let pair = (((Self.seed ^ UInt64(neighbour)) &* Self.prime) ^ UInt64(letter)) &* Self.prime
    _ = count(Word(hash: pair, start: 0, length: 4, count: 1, whole: true, digits: false))
  }

  /// Counts one occurrence of the word.
  /// - Returns: whether the word is new.
  private mutating func count(_ word: Word) -> Bool {
    if words.count * 2 >= slots.count { grow() }
    var slot = Int(truncatingIfNeeded: word.hash >> 20) & (slots.count - 1)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if words[position].hash == word.hash {
        words[position].count += 1
        return false
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    words.append(word)
    slots[slot] = Int32(words.count)
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for position in words.indices {
      var slot = Int(truncatingIfNeeded: words[position].hash >> 20) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(position + 1)
    }
  }

  // MARK: Features

  private func add(into sum: UnsafeMutableBufferPointer<Float>) {
    letters.withUnsafeBufferPointer { letters in
      for word in words {
        let weight = Self.weight(word)
        let (position, sign) = place(word.hash)
        sum[position] += sign * weight
        if word.whole { continue }
        let start = Int(word.start)
        let end = start + Int(word.length) + 2
        let runs = (3...5).reduce(0) { $0 + max(0, end - start - $1 + 1) }
        let share = weight * 0.8 / Float(runs).squareRoot()
        for begin in start..<(end - 2) {
          var hash = Self.seed
          for position in begin..<min(begin + 5, end) {
            hash = (hash ^ UInt64(letters[position])) &* Self.prime
            // A run has at least three characters.
            if position >= begin + 2 {
              let (place, sign) = place(hash)
              sum[place] += sign * share
            }
          }
        }
      }
    }
  }

  private static func weight(_ word: Word) -> Float {
    let often = 2.2 * word.count / (word.count + 1.2)
    if word.digits { return often }
    if commonest.contains(word.hash) { return often * 0.15 }
    switch word.length {
    case 1: return often * 0.3
    case 2: return often * 0.4
    case 3: return often * 0.6
    default: return often
    }
  }

  private func place(_ hash: UInt64) -> (position: Int, sign: Float) {
    var mixed = hash ^ (hash >> 32)
    mixed = mixed &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 32
    mixed = mixed &* 0xD6E8_FEB8_6659_FD93
    return (Int(((mixed >> 32) * UInt64(dimensions)) >> 32), mixed & (1 << 16) == 0 ? 1 : -1)
  }

  /// The hashes of the commonest English words, so that no string is looked up.
  private static let commonest: Set<UInt64> = Set(
    """
    a about after all also an and any are as at be because been but by can could did do does for from had has have he her \
    his how i if in into is it its may me might more most must my no not of on one only or other our out over she should \
    so some such than that the their them then there these they this those through to under up us was we were what when \
    where which while who why will with would you your
    """.utf8.split(separator: UInt8(ascii: " ")).map { $0.reduce(seed) { ($0 ^ UInt64($1)) &* prime } })
}
