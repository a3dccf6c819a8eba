internal import IngestIndex

/// Search terms in the syntax of FTS5: each in quotes, and a match needs any one of them.
package enum MatchExpression {
  /// Within quotes only a quote has a meaning to FTS5, and terms consist of letters and digits.
  package static func any(_ terms: some Sequence<String>) -> String {
    terms.map { "\"\($0)\"" }.joined(separator: " OR ")
  }
}

extension MatchExpression {
  /// Returns words that a chunk's text certainly contains, to query the full text for the chunk. It prefers an ASCII
  /// word, because all tokenizers agree on those. Nil if the text has no such word.
  static func probe(_ text: String) -> String? {
    let start = text.prefix(1024)
    let words = start.split { !$0.isLetter && !$0.isNumber }
    // The last word may have been cut.
    let whole = start.endIndex == text.endIndex ? words[...] : words.dropLast()
    if let word = whole.first(where: { $0.utf8.allSatisfy { $0 < 0x80 } }) { return "\"\(word)\"" }
    let terms = QueryTerms(whole.joined(separator: " ")).terms.filter { $0.unicodeScalars.count < QueryTerms.wordLimit }
    return terms.isEmpty ? nil : any(terms.prefix(8))
  }
}
