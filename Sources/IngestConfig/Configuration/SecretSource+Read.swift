package import IngestCore

extension SecretSource {
  /// Reads the secret. Call it just before the secret is needed, so that commands that need no key run without one.
  package func read(environment: [String: String]) throws(ConfigurationError) -> Secret {
    switch self {
    case .environment(let name):
      guard let text = environment[name] else { throw .noSecret(self, reason: "is not set") }
      return try secret(text)
    case .file(let path):
      let bytes: [UInt8]
      do throws(FileBytes.Mistake) {
        bytes = try FileBytes.read(path, limit: 16 * 1024)
      } catch {
        switch error {
        case .missing: throw .noSecret(self, reason: "does not exist")
        case .unreadable(let reason): throw .noSecret(self, reason: "cannot be read: \(reason)")
        }
      }
      return try secret(String(decoding: bytes, as: UTF8.self))
    }
  }

  private func secret(_ text: String) throws(ConfigurationError) -> Secret {
    var key = text[...]
    while key.first?.isWhitespace == true { key.removeFirst() }
    while key.last?.isWhitespace == true { key.removeLast() }
    guard !key.isEmpty else { throw .noSecret(self, reason: "is empty") }
    // A line end in the key would end the header that carries it.
    guard key.utf8.count <= 8192, key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
      throw .noSecret(self, reason: "does not contain a key: one line of printable characters without spaces")
    }
    return Secret(String(key))
  }
}
