import FoundationEssentials
package import IngestCore

/// Where the password of encrypted documents is: a file, so that it is neither stored nor seen in a list of processes.
package enum PasswordFile {
  /// The file's bytes without the line end at their end.
  /// - Throws: `PASSWORD_FILE_UNREADABLE`.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw Failure(
        .permanent, code: "PASSWORD_FILE_UNREADABLE", "The password file \(path) cannot be read by this process.",
        hint: "Put it where whoever reads the document can read it; a dead job then goes on by \(Action(.deadRedrive))."
      )
    }
    var bytes = Array(data)
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
    return bytes
  }
}
