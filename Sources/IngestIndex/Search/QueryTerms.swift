/// The terms of a query's text: a list of words or short phrases. A match needs any one of them.
///
/// A query has no operators. Quotes, `AND`, `*`, `NEAR(` and the rest are read as words, because people paste
/// questions, not expressions.
package struct QueryTerms: Hashable, Sendable {
  /// Distinct terms in the order of the query. A term of several characters with spaces between them is a phrase.
  package var terms: [String]

  /// Maximum number of terms. Later ones are ignored, since each term costs an index lookup.
  package static let limit = 64
  /// Maximum number of scalars of a single word. Later ones are ignored.
  package static let wordLimit = 128

  package init(_ text: String) {
    var terms: [String] = []
    var seen: Set<String> = []
    var word = String.UnicodeScalarView()
    var run: [Unicode.Scalar] = []

    func add(_ term: String) {
      if terms.count < Self.limit, seen.insert(term.lowercased()).inserted { terms.append(term) }
    }
    func endWord() {
      if !word.isEmpty { add(String(word)) }
      word = String.UnicodeScalarView()
    }
    func endRun() {
      if run.count == 1 { add(String(run[0])) }
      for (first, second) in zip(run, run.dropFirst()) { add("\(first) \(second)") }
      run = []
    }

    for scalar in text.unicodeScalars {
      guard terms.count < Self.limit else { break }
      if SpacelessScripts.contains(scalar), FullTextLetters.isLetter(scalar) {
        endWord()
        run.append(scalar)
        if run.count == Self.wordLimit { endRun() }
      } else if FullTextLetters.isLetter(scalar) || (!word.isEmpty && FullTextLetters.isMark(scalar)) {
        endRun()
        if word.count < Self.wordLimit { word.append(scalar) }
      } else if run.isEmpty || !FullTextLetters.isMark(scalar) {
        endWord()
        endRun()
      }
    }
    endWord()
    endRun()
    self.terms = terms
  }

  package var isEmpty: Bool { terms.isEmpty }
}
