package import IngestSQL
import SQLiteMigrations

extension Store {
  /// The files of `migrations/sqlite`, compiled into the binary.
  package static let migrations: [Migration] = (0..<ingestd_sqlite_migration_count).compactMap { position in
    guard let file = ingestd_sqlite_migration(position)?.pointee, let name = file.name else { return nil }
    let text = String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.size), as: UTF8.self)
    return Migration(name: String(cString: name), text: text)
  }
}
