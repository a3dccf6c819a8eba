internal import IngestIndex

/// Terms as FTS5 reads them: every one in quotes, any of which may match.
package enum MatchExpression {
  /// Within quotes only a quote means something to FTS5, and terms are made of letters and digits.
  package static func any(_ terms: some Sequence<String>) -> String {
    terms.map { "\"\($0)\"" }.joined(separator: " OR ")
  }
}

extension MatchExpression {
  /// Words that a chunk's text certainly has, to ask the full text for it: an ASCII one where there is one, since no
  /// tokenizer doubts those. Nil where it has no such word.
  static func probe(_ text: String) -> String? {
    let start = text.prefix(1024)
    let words = start.split { !$0.isLetter && !$0.isNumber }
    // The last word may have been cut in two.
    let whole = start.endIndex == text.endIndex ? words[...] : words.dropLast()
    if let word = whole.first(where: { $0.utf8.allSatisfy { $0 < 0x80 } }) { return "\"\(word)\"" }
    let terms = QueryTerms(whole.joined(separator: " ")).terms.filter { $0.unicodeScalars.count < QueryTerms.wordLimit }
    return terms.isEmpty ? nil : any(terms.prefix(8))
  }
}
