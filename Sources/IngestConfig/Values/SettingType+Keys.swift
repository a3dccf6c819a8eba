import IngestCore

extension SettingType.KeyKind {
  func allows(_ key: String) -> Bool {
    switch self {
    case .variable: SettingType.isVariable(key)
    case .header: (1...100).contains(key.utf8.count) && key.utf8.allSatisfy(Self.isTokenByte)
    case .choice(let names): names.contains(key)
    }
  }

  /// Returns whether the byte may be in a token of RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
