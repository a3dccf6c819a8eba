import FoundationEssentials
import IngestCore

/// JSON in TEXT columns.
enum JSONText {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<T: Decodable>(_ type: T.Type = T.self, _ text: String) throws -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw Failure.damaged("a stored \(type) cannot be read: \(error)")
    }
  }

  /// Returns a JSON string literal. Written by hand for speed: the writer composes one for each job.
  static func quote(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
      }
      var quoted: [UInt8] = [UInt8(ascii: "\"")]
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          quoted.append(UInt8(ascii: "\\"))
          quoted.append(byte)
        case 0..<0x20:
          let digits = Array("0123456789abcdef".utf8)
          quoted += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: quoted.append(byte)
        }
      }
      quoted.append(UInt8(ascii: "\""))
      return String(decoding: quoted, as: UTF8.self)
    }
  }
}

extension DocumentTask {
  /// Returns the same JSON that `JSONEncoder` would make. Composed by hand for speed: the writer needs it for each job.
  /// - Parameter meta: ``meta``, already encoded.
  func json(meta: String) -> String {
    let content = content.map { ",\"content\":\"\($0.rawValue)\"" } ?? ""
    let password = passwordFile.map { ",\"passwordFile\":\(JSONText.quote($0))" } ?? ""
    return "{\"change\":\"\(change.rawValue)\"\(content),\"document\":\"\(document.rawValue)\""
      + ",\"generation\":\(generation),\"index\":\(JSONText.quote(index)),\"meta\":\(meta)\(password),\"revision\":\(revision)"
      + ",\"size\":\(size),\"source\":\(JSONText.quote(source)),\"uri\":\(JSONText.quote(uri))}"
  }
}
