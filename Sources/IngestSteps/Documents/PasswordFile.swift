import FoundationEssentials
package import IngestCore

/// The file with the password of encrypted documents. In a file it is neither stored nor visible in a list of
/// processes.
package enum PasswordFile {
  /// Returns the file's bytes without a line end at the end.
  /// - Throws: `PASSWORD_FILE_UNREADABLE`.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw Failure(
        .permanent, code: "PASSWORD_FILE_UNREADABLE", "This process cannot read the password file \(path).",
        hint: "Put the file where the worker can read it; then continue a dead job with \(Action(.deadRedrive))."
      )
    }
    var bytes = Array(data)
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
    return bytes
  }
}
