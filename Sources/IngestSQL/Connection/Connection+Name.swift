internal import CSQLite
internal import Glibc

extension Connection {
  /// Syncs the folder, once for each connection, so that the names of the file and of its WAL are on disk. Call it in a
  /// write transaction: from then on the WAL exists, and it stays as long as the connection does.
  ///
  /// SQLite syncs the folder itself when it first syncs a WAL that it has created, but does not check whether that
  /// succeeded. A WAL without a name is gone after a power loss, with all commits in it.
  /// - Throws: an error for which ``SQLError/isFailedSync`` is true.
  func syncName() throws(SQLError) {
    guard !hasSyncedName else { return }
    // SQLite's own name of the file, in which links are resolved.
    let file = sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? path
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    // This process cannot sync a folder that it may write but not read, and some file systems cannot sync any folder.
    guard descriptor < 0 || fsync(descriptor) == 0 || errno == EINVAL else {
      let message = "the folder \(folder) could not be synced: \(String(cString: strerror(errno)))"
      let code = extended(SQLITE_IOERR, 5)
      throw SQLError(code: code, detail: .init(path: path, code: code, message: message))
    }
    hasSyncedName = true
  }
}
