internal import Glibc
internal import IngestCore

/// A path as the system stores it: bytes, which need not be UTF-8.
package struct FilePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The bytes without the final zero.
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }

  /// The path as text; nil when its bytes are not UTF-8.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  /// The path for people: control characters and bytes that are not UTF-8 are made visible.
  package var description: String {
    if let text { return text.visible }
    var shown = ""
    for byte in bytes {
      if (0x20..<0x7F).contains(byte) {
        shown.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        shown += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return shown
  }

  /// The last part.
  package var name: ArraySlice<UInt8> {
    bytes.lastIndex(of: Self.slash).map { bytes[($0 + 1)...] } ?? bytes[...]
  }

  package var isHidden: Bool { name.first == UInt8(ascii: ".") }

  package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  static let slash = UInt8(ascii: "/")

  func appending(_ part: some Sequence<UInt8>) -> FilePath {
    var joined = bytes
    if joined.last != Self.slash, !joined.isEmpty { joined.append(Self.slash) }
    joined.append(contentsOf: part)
    return FilePath(joined)
  }

  /// Calls `body` with the path in the form that system calls take.
  package func withCString<T>(_ body: (UnsafePointer<CChar>) throws -> T) rethrows -> T {
    try body(bytes.map { CChar(bitPattern: $0) } + [0])
  }

  /// Returns the absolute path with every link resolved; nil with `errno` set if a part is missing or unreadable.
  package func resolved() -> FilePath? {
    withCString { path in
      guard let found = realpath(path, nil) else { return nil }
      defer { free(found) }
      return FilePath(Array(UnsafeRawBufferPointer(start: found, count: strlen(found))))
    }
  }
}
