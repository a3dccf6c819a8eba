/// What a query's text asks for: a list of words or short phrases, any of which may occur.
///
/// Nothing in a query is an operator. Quotes, `AND`, `*`, `NEAR(` and the rest are read as a person's words, since people
/// paste questions, not expressions.
package struct QueryTerms: Hashable, Sendable {
  /// Distinct, in the order of the query. A term of several characters with spaces between is a phrase.
  package var terms: [String]

  /// Terms that a query is cut to: the first ones, as each costs a look into the index.
  package static let limit = 64
  /// Scalars of a single word that are looked at.
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
