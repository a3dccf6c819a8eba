internal import CSQLite
internal import Glibc

extension Connection {
  /// Puts the names of the file and of its log on disk, once for each connection. To be called in a write transaction: from
  /// then on there is a log, and it stays as long as the connection does.
  ///
  /// SQLite syncs the folder itself when it first syncs a log that it has made, and does not look whether that succeeded. A log
  /// without a name is gone after a power loss, with all that was committed to it.
  /// - Throws: what ``SQLError/isFailedSync`` tells.
  func syncName() throws(SQLError) {
    guard !hasSyncedName else { return }
    // SQLite's own name for it: it has followed links.
    let file = sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? path
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    // A folder that may be written to and not read cannot be synced by us, and some file systems sync none.
    guard descriptor < 0 || fsync(descriptor) == 0 || errno == EINVAL else {
      let message = "the folder \(folder) could not be synced: \(String(cString: strerror(errno)))"
      let code = extended(SQLITE_IOERR, 5)
      throw SQLError(code: code, detail: .init(path: path, code: code, message: message))
    }
    hasSyncedName = true
  }
}
