/// Counts word pieces without a vocabulary.
///
/// Over the text of a document it comes out above what the usual vocabularies (WordPiece of BERT, BPE of OpenAI) give, so
/// that a chunk counted at 256 is not cut off by a model that takes 256: a Latin word of up to five letters is one piece,
/// a longer one a piece for each four letters begun; digits go two to a piece; each punctuation mark is one; characters
/// of other alphabets two to a piece, ideographs one each, pictographs two each.
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

  /// - Parameter count: more than one only of letters.
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
