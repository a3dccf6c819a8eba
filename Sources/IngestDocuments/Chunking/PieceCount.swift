/// A counter of word pieces that needs no vocabulary.
///
/// For the text of a document the result is above that of the usual vocabularies (WordPiece of BERT, BPE of OpenAI), so
/// a model that accepts 256 pieces does not cut off a chunk counted at 256. A Latin word of up to five letters is one
/// piece; a longer one is a piece per four letters begun. Two digits are one piece. Each punctuation mark is one. Two
/// characters of other alphabets are one piece, each ideograph is one, and each pictograph is two.
struct PieceCount {
  private var finished = 0
  private var run = 0
  private var runClass = ScalarClass.space

  var total: Int { finished + pending }

  private var pending: Int {
    switch runClass {
    case .letter: run <= 5 ? 1 : (run + 3) / 4
    case .digit, .otherLetter: (run + 1) / 2
    default: 0
    }
  }

  /// - Parameter count: may be above one only for letters.
  mutating func add(_ kind: ScalarClass, _ count: Int = 1) {
    switch kind {
    case .letter, .digit, .otherLetter:
      if kind != runClass { flush(kind) }
      run += count
    case .mark:
      break
    case .punctuation, .ideograph, .ideographStop:
      flush(kind)
      finished += 1
    case .symbol:
      flush(kind)
      finished += 2
    case .space, .newline:
      flush(kind)
    }
  }

  private mutating func flush(_ next: ScalarClass) {
    finished += pending
    run = 0
    runClass = next
  }
}
