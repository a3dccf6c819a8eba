import CSQLite
import IngestIndex
import IngestIndexSQLite
import Synchronization

extension FuzzTarget {
  /// A query: it never causes a syntax error in the full text, and a text is found by its own words.
  static let query = FuzzTarget(
    "query", longest: 512,
    words: ["\"", "*", "NEAR(", " AND ", "^", "text:", "-", "'", "\0", "\u{301}", "\u{200D}", "漢字"]
  ) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    let terms = QueryTerms(text).terms
    try require(terms.count <= QueryTerms.limit, "\(terms.count) terms")
    try require(QueryTerms(text).terms == terms, "the same query has other terms")
    try fullText.withLock { fullText throws in
      for (position, term) in terms.enumerated() {
        try require(!term.isEmpty && !term.contains("\""), "a term that ends its own quotes: \(term)")
        if position < 3 { _ = try fullText.matches(MatchExpression.any([term])) }
      }
      if !terms.isEmpty { _ = try fullText.matches(MatchExpression.any(terms)) }
      try fullText.check(text, terms)
    }
  }

  private static let fullText = Mutex(FullText())
}

/// A table like that of a generation, in memory.
private struct FullText: ~Copyable {
  private var handle: OpaquePointer?

  init() {
    sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, nil)
    sqlite3_exec(
      handle,
      """
      CREATE VIRTUAL TABLE chunk_text USING fts5(text, tokenize = "unicode61 remove_diacritics 2");
      INSERT INTO chunk_text (rowid, text) VALUES (1, 'the pump was replaced'), (2, 'naïve 漢字 text');
      """, nil, nil, nil)
  }

  deinit { sqlite3_close(handle) }

  /// Returns the number of rows that match.
  func matches(_ expression: String) throws -> Int {
    try count("SELECT count(*) FROM chunk_text WHERE chunk_text MATCH ?", expression)
  }

  /// Checks that a chunk with exactly this text is found by its terms.
  func check(_ text: String, _ terms: [String]) throws {
    // SQLite ends a text at a zero byte, so such texts are skipped. So are long words, of which only the start is
    // queried.
    guard !terms.isEmpty, !text.utf8.contains(0),
      !terms.contains(where: { $0.unicodeScalars.count >= QueryTerms.wordLimit })
    else { return }
    sqlite3_exec(handle, "SAVEPOINT one", nil, nil, nil)
    defer { sqlite3_exec(handle, "ROLLBACK TO one; RELEASE one", nil, nil, nil) }
    _ = try count("INSERT INTO chunk_text (rowid, text) VALUES (3, ?)", SpacelessScripts.separated(text))
    let found = try count(
      "SELECT count(*) FROM chunk_text WHERE rowid = 3 AND chunk_text MATCH ?", MatchExpression.any(terms))
    try require(found == 1, "a text is not found by its own terms \(terms)")
  }

  private func count(_ sql: String, _ text: String) throws -> Int {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Broken("cannot prepare \(sql)")
    }
    let bytes = Array(text.utf8)
    let status = bytes.withUnsafeBytes { buffer in
      // A nil pointer would bind NULL.
      sqlite3_bind_text(
        statement, 1, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count),
        unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
    try require(status == SQLITE_OK, "cannot bind \(text)")
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return Int(sqlite3_column_int64(statement, 0))
    case SQLITE_DONE: return 0
    default: throw Broken("\(String(cString: sqlite3_errmsg(handle))) for \(text)")
    }
  }
}
