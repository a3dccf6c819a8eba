import Glibc

/// The location of `ingestd-parse`: beside the running program, or in `../libexec` relative to it.
package enum ParserProgram {
  /// - Throws: ``DocumentError/parserMissing(looked:)``.
  package static func locate() throws(DocumentError) -> String {
    guard let folder = runningFolder else { throw .parserMissing(looked: ["/proc/self/exe"]) }
    return try locate(beside: folder)
  }

  package static func locate(beside folder: String) throws(DocumentError) -> String {
    let candidates = ["\(folder)/ingestd-parse", "\(folder)/../libexec/ingestd-parse"]
    for path in candidates where access(path, X_OK) == 0 { return path }
    throw .parserMissing(looked: candidates)
  }

  private static var runningFolder: String? {
    let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room -> String? in
      guard let start = room.baseAddress else { return nil }
      let count = readlink("/proc/self/exe", start, room.count)
      guard count > 0 else { return nil }
      return String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard let path else { return nil }
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}
