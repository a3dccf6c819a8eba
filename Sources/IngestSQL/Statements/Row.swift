internal import CSQLite

/// The current row of a statement; columns are numbered from 0.
///
/// It cannot leave the closure that gets it (`~Escapable`), since the next step of the statement overwrites it. A
/// getter whose type differs from the column's converts as SQLite does (NULL becomes 0 or empty): use an optional
/// getter where NULL has a meaning.
package enum Row: ~Escapable {
  case current(Position)

  /// A statement that has a current row.
  package struct Position {
    let statement: OpaquePointer
  }

  @inline(__always) var statement: OpaquePointer {
    switch self {
    case .current(let position): position.statement
    }
  }

  package var columns: Int { Int(sqlite3_column_count(statement)) }

  package func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  package func int(_ column: Int) -> Int { Int(sqlite3_column_int64(statement, Int32(column))) }
  package func int64(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }
  package func double(_ column: Int) -> Double { sqlite3_column_double(statement, Int32(column)) }
  package func bool(_ column: Int) -> Bool { sqlite3_column_int64(statement, Int32(column)) != 0 }

  /// Returns the column as text. Bytes that are not UTF-8 become U+FFFD.
  package func text(_ column: Int) -> String {
    withText(column) { String(decoding: $0, as: UTF8.self) }
  }

  package func blob(_ column: Int) -> [UInt8] {
    withBlob(column) { [UInt8]($0) }
  }

  package func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
  package func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
  package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
  package func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
  package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

  /// Returns the column in the type in which it is stored.
  package func value(_ column: Int) -> SQLValue {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_INTEGER: .integer(int64(column))
    case SQLITE_FLOAT: .real(double(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(blob(column))
    default: .null
    }
  }

  /// Calls `body` with the blob where SQLite stores it, without a copy. The bytes are invalid once `body` returns.
  package func withBlob<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    let start = sqlite3_column_blob(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// Calls `body` with the text's UTF-8 where SQLite stores it, without a copy. The bytes are invalid once `body`
  /// returns.
  package func withText<T>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
    let start = sqlite3_column_text(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return try body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
