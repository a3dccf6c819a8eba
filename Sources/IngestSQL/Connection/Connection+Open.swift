internal import CSQLite
internal import Glibc

/// SQLite's settings for the whole process, made once. If other code used SQLite before, the default settings stay,
/// which only costs time.
private let isConfigured = ingestd_sqlite3_configure() == SQLITE_OK

extension Connection {
  /// The purpose of a connection. It decides what the connection may write and which settings apply.
  enum Role {
    case writer, reader, checkpointer
  }

  /// Opens the file and sets the connection up. Waits while other processes create the file or switch it to WAL.
  static func open(_ path: String, _ options: DatabaseOptions, as role: Role) throws(SQLError) -> Connection {
    _ = isConfigured
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
    switch (options.mode, role) {
    case (.readOnly, _): flags |= SQLITE_OPEN_READONLY
    case (.create, .writer): flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case (.create, _), (.existing, _): flags |= SQLITE_OPEN_READWRITE
    }
    try refuse(path, options.mode)
    var handle: OpaquePointer?
    // A bare name could have a special meaning for SQLite (":memory:").
    let code = sqlite3_open_v2(path.contains("/") ? path : "./\(path)", &handle, flags, options.faults.vfs)
    guard code == SQLITE_OK, let handle else {
      let error = SQLError(handle: handle, code: code, path: path)
      sqlite3_close_v2(handle)
      throw error
    }
    let connection = Connection(handle: handle, path: path, options)
    try connection.configure(options, as: role)
    // Writers wait for a checkpoint, which waits for readers: it gives up soon and is tried again later.
    if role == .checkpointer { connection.busy.limit = .milliseconds(10) }
    return connection
  }

  /// Refuses a bad path with a clear message, where SQLite would only say "unable to open database file".
  private static func refuse(_ path: String, _ mode: DatabaseOptions.Mode) throws(SQLError) {
    guard !path.isEmpty else {
      throw .missing(.init(path: path, code: SQLITE_CANTOPEN, message: "the path is empty"))
    }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw .isFolder(.init(path: path, code: SQLITE_CANTOPEN, message: "is a folder, not a database file"))
      }
      return
    }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw .cannotOpen(.init(path: path, code: SQLITE_CANTOPEN, message: String(cString: strerror(errno))))
    }
    guard mode == .create else {
      throw .missing(.init(path: path, code: SQLITE_CANTOPEN, message: "the database file does not exist"))
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .missing(.init(path: path, code: SQLITE_CANTOPEN, message: "its folder \(folder) does not exist"))
    }
  }

  private func configure(_ options: DatabaseOptions, as role: Role) throws(SQLError) {
    installBusyHandler()
    // The first read of the file: this fails if it is damaged or not a database.
    try busy.retry { () throws(SQLError) in try script("PRAGMA schema_version") }
    guard options.mode == .readOnly || sqlite3_db_readonly(handle, "main") == 0 else {
      throw .readOnly(.init(path: path, code: SQLITE_READONLY, message: "the database file cannot be written"))
    }
    if options.mode != .readOnly { try useWAL(options) }
    try script(
      """
      PRAGMA synchronous=\(options.synchronous.rawValue);
      PRAGMA foreign_keys=ON;
      PRAGMA recursive_triggers=OFF;
      PRAGMA trusted_schema=OFF;
      PRAGMA temp_store=MEMORY;
      PRAGMA cache_size=-\(options.cacheBytes / 1024);
      PRAGMA mmap_size=\(options.mappedBytes);
      PRAGMA journal_size_limit=\(options.walBytesKept);
      PRAGMA query_only=\(role == .reader || options.mode == .readOnly ? "ON" : "OFF");
      """)
    installWALHook()
  }

  /// Switches the file to WAL. Several processes may do this at once with an empty file: all use the same settings, and
  /// the one that gets the lock writes them. SQLite silently ignores `auto_vacuum` and `page_size` once the file has a
  /// page.
  private func useWAL(_ options: DatabaseOptions) throws(SQLError) {
    try busy.retry { () throws(SQLError) in
      guard try pragma("journal_mode") != "wal" else { return }
      if try pragma("page_count") == "0" {
        try script("PRAGMA page_size=\(options.pageSize); PRAGMA auto_vacuum=\(options.autoVacuum.rawValue)")
      }
      let mode = try pragma("journal_mode=WAL")
      guard mode == "wal" else {
        throw .cannotOpen(.init(path: path, message: "the file system does not support WAL (journal mode \(mode))"))
      }
    }
  }

  /// Returns the first value of a pragma, as text.
  func pragma(_ text: String) throws(SQLError) -> String {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    var code = sqlite3_prepare_v2(handle, "PRAGMA \(text)", -1, &statement, nil)
    if code == SQLITE_OK { code = sqlite3_step(statement) }
    switch code {
    case SQLITE_ROW: return sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? ""
    case SQLITE_DONE: return ""
    default: throw SQLError(handle: handle, code: code, path: path, sql: "PRAGMA \(text)")
    }
  }

  /// Installs the busy handler. SQLite calls it on this connection's thread, inside a statement, with the wait that the
  /// connection owns.
  private func installBusyHandler() {
    sqlite3_busy_handler(
      handle,
      { context, count in
        guard let context else { return 0 }
        let wait = Unmanaged<BusyWait>.fromOpaque(context).takeUnretainedValue()
        if count == 0 { wait.begin() }
        return wait.pause() ? 1 : 0
      }, Unmanaged.passUnretained(busy).toOpaque())
  }

  /// Installs a hook that notes the WAL's length. It replaces SQLite's own checkpoint after each 1,000 pages, which
  /// would run on the writer.
  private func installWALHook() {
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        if let context { Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().walPages = Int(pages) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
