internal import IngestIndex
internal import IngestSQL

/// The tables of a generation's file.
enum GenerationSchema {
  /// The version stored in `user_version`.
  static let version = 1

  /// Chunks have consecutive keys within an extent, and vectors have consecutive slots. One row of `extents` therefore
  /// describes up to a slice of chunks, and neither chunks nor vectors need an index.
  ///
  /// `documents.revision` is the highest applied revision, content or delete; lower ones are refused. `visible` is the
  /// revision that searches show, 0 for none. The two differ for a tombstone and for a document that was purged to be
  /// written again.
  static let text = """
    CREATE TABLE generation (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      name TEXT NOT NULL,
      dimensions INTEGER NOT NULL CHECK (dimensions > 0),
      next_chunk INTEGER NOT NULL,
      next_file INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE documents (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL CHECK (revision >= 0),
      visible INTEGER NOT NULL CHECK (visible IN (0, revision)),
      deleted INTEGER NOT NULL CHECK (deleted IN (0, 1) AND NOT (deleted AND visible > 0)),
      chunks INTEGER NOT NULL CHECK (chunks >= 0),
      source TEXT NOT NULL,
      uri TEXT NOT NULL,
      meta TEXT NOT NULL
    ) STRICT;
    CREATE INDEX documents_by_source ON documents (source);

    CREATE TABLE extents (
      first_chunk INTEGER PRIMARY KEY,
      document INTEGER NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      first_ordinal INTEGER NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0),
      file INTEGER NOT NULL,
      first_slot INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX extents_by_document ON extents (document, revision, first_ordinal);
    CREATE UNIQUE INDEX extents_by_slot ON extents (file, first_slot);

    -- heading: outermost first, U+001F between. vector_sum: NULL where the chunk has no vector.
    CREATE TABLE chunks (
      key INTEGER PRIMARY KEY,
      ordinal INTEGER NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      page INTEGER,
      tokens INTEGER NOT NULL,
      vector_sum INTEGER,
      heading TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;

    -- live: slots that an extent stands for. dropped: nothing refers to the file, and it is removed after the commit.
    CREATE TABLE vector_files (
      id INTEGER PRIMARY KEY,
      slots INTEGER NOT NULL CHECK (slots >= 0),
      live INTEGER NOT NULL CHECK (live BETWEEN 0 AND slots),
      dropped INTEGER NOT NULL CHECK (dropped IN (0, 1))
    ) STRICT;

    CREATE VIRTUAL TABLE chunk_text USING fts5(text, content = '', tokenize = "unicode61 remove_diacritics 2");
    -- Commits come by the dozen documents: merging sixteen segments at a time instead of four costs a fifth less.
    INSERT INTO chunk_text (chunk_text, rank) VALUES ('automerge', 16);
    INSERT INTO chunk_text (chunk_text, rank) VALUES ('crisismerge', 64);

    PRAGMA user_version = 1;
    """

  /// Creates the tables in a file that has none.
  /// - Returns: the dimensions that the file has now.
  static func create(_ connection: Connection, name: GenerationName, dimensions: Int) throws -> Int {
    if try held(connection) == version {
      return try connection.first("SELECT dimensions FROM generation") { $0.int(0) } ?? 0
    }
    try connection.script(text)
    try connection.run(
      "INSERT INTO generation (id, name, dimensions, next_chunk, next_file) VALUES (1, \(name.description), \(dimensions), 1, 2)"
    )
    try connection.run("INSERT INTO vector_files (id, slots, live, dropped) VALUES (1, 0, 0, 0)")
    return dimensions
  }

  /// Returns the version of a file's tables; 0 if it has none yet.
  static func held(_ connection: Connection) throws -> Int {
    try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
  }
}
