internal import CSQLite

/// A prepared statement. Its connection keeps it and is the only one that uses it.
final class Statement {
  let handle: OpaquePointer
  /// The parts that it was prepared from: the address of each literal, and 0 for each value.
  let shape: [UInt]
  let isReadOnly: Bool
  /// Whether it is lent and not yet reset. A statement in use is neither lent again nor dropped.
  var isInUse = false
  var lastUse: UInt = 0

  init(_ handle: OpaquePointer, of sql: SQL) {
    self.handle = handle
    isReadOnly = sqlite3_stmt_readonly(handle) != 0
    shape = sql.parts.map { part in
      switch part {
      case .literal(let literal): literal.address
      case .value: 0
      }
    }
  }

  deinit {
    sqlite3_finalize(handle)
  }

  func matches(_ sql: SQL) -> Bool {
    guard shape.count == sql.parts.count else { return false }
    for (position, part) in sql.parts.enumerated() {
      let word: UInt =
        switch part {
        case .literal(let literal): literal.address
        case .value: 0
        }
      guard shape[position] == word else { return false }
    }
    return true
  }

  /// Binds all values of `sql`.
  /// - Returns: the first code that is not `SQLITE_OK`, else `SQLITE_OK`.
  func bind(_ sql: SQL) -> Int32 {
    var position: Int32 = 0
    for part in sql.parts {
      guard case .value(let value) = part else { continue }
      position += 1
      let code = bind(value, at: position)
      if code != SQLITE_OK { return code }
    }
    return SQLITE_OK
  }

  /// Binds one value. SQLite copies text and blobs, since the value's own storage is valid only during the call. An
  /// empty blob has no address, and SQLite would store that as NULL; hence the zeroblob.
  private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(handle, position)
    case .integer(let number): return sqlite3_bind_int64(handle, position, number)
    case .real(let number): return sqlite3_bind_double(handle, position, number)
    case .text(var text):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text64(handle, position, $0.baseAddress, UInt64($0.count), transient, UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes) where bytes.isEmpty: return sqlite3_bind_zeroblob(handle, position, 0)
    case .blob(let bytes):
      return bytes.withUnsafeBytes {
        sqlite3_bind_blob64(handle, position, $0.baseAddress, UInt64($0.count), transient)
      }
    }
  }

  /// Clears its values and makes it ready to be lent again.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    isInUse = false
  }
}

/// `SQLITE_TRANSIENT`, which Swift does not import: SQLite copies the bytes before the call returns.
private var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
