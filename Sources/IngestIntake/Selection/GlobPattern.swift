/// A shell pattern over paths: `*` and `?` within one name, `**` over any number of folders, `[a-z]`, `[!a-z]`, and `\`
/// before a character that means itself. `*` also matches names that begin with a dot: the selection decides whether hidden
/// files count.
package struct GlobPattern: Hashable, Sendable {
  package let text: String
  private let parts: [Part]

  private enum Part: Hashable, Sendable {
    case anyFolders
    case name([Token])
  }

  private enum Token: Hashable, Sendable {
    case byte(UInt8)
    /// `?`: one character of one or more bytes.
    case one
    case many
    case set([ClosedRange<UInt32>], negated: Bool)
  }

  package init(_ text: String) {
    self.text = text
    parts = text.utf8.split(separator: FilePath.slash).map { part in
      Array(part) == Array("**".utf8) ? .anyFolders : .name(Self.tokens(Array(part)))
    }
  }

  /// Whether `text` is a pattern and not a plain path.
  package static func isPattern(_ text: String) -> Bool { text.utf8.contains { "*?[".utf8.contains($0) } }

  /// Whether a part of the pattern begins with a dot, so that it selects hidden names.
  package var namesHidden: Bool {
    parts.contains { part in
      if case .name(let tokens) = part { tokens.first == .byte(UInt8(ascii: ".")) } else { false }
    }
  }

  /// Returns whether the pattern matches. Without a slash it is matched with the last name alone, as in `.gitignore`;
  /// otherwise with the whole path.
  package func matches(_ path: FilePath) -> Bool {
    let names = path.bytes.split(separator: FilePath.slash)
    if parts.count == 1, case .name(let tokens) = parts[0] {
      return names.last.map { Self.match(tokens[...], $0) } ?? false
    }
    return Self.match(parts[...], names[...])
  }

  /// The folder before the first part that is a pattern, and the pattern of the rest.
  package static func split(_ text: String) -> (base: String, pattern: GlobPattern) {
    let isAbsolute = text.hasPrefix("/")
    let parts = text.split(separator: "/")
    let fixed = parts.prefix { !isPattern(String($0)) }
    let base = (isAbsolute ? "/" : "") + fixed.joined(separator: "/")
    return (base.isEmpty ? "." : base, GlobPattern(parts.dropFirst(fixed.count).joined(separator: "/")))
  }

  /// Whether the pattern is matched with the whole path even if it has no slash.
  package func matchesWhole(_ path: FilePath) -> Bool {
    Self.match(parts[...], path.bytes.split(separator: FilePath.slash)[...])
  }

  /// Returns whether something under the folder `path` can match the whole pattern. Other folders are not walked.
  func canMatchWhole(under path: FilePath) -> Bool {
    Self.reaches(parts[...], path.bytes.split(separator: FilePath.slash)[...])
  }

  /// Matches like the match within a name: one step back to the last `**` is enough, since `**` takes any folders. At the
  /// end, `**` stands for at least one name.
  private static func match(_ parts: ArraySlice<Part>, _ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    var part = parts.startIndex
    var name = names.startIndex
    var back: (part: Int, name: Int)?
    while name < names.endIndex {
      if part < parts.endIndex, parts[part] == .anyFolders {
        part += 1
        back = (part, name)
      } else if part < parts.endIndex, case .name(let tokens) = parts[part], match(tokens[...], names[name]) {
        part += 1
        name += 1
      } else if let last = back {
        back = (last.part, last.name + 1)
        part = last.part
        name = last.name + 1
      } else {
        return false
      }
    }
    return part == parts.endIndex
  }

  private static func reaches(_ parts: ArraySlice<Part>, _ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    guard let part = parts.first else { return false }
    guard let name = names.first else { return true }
    switch part {
    case .anyFolders: return true
    case .name(let tokens): return match(tokens[...], name) && reaches(parts.dropFirst(), names.dropFirst())
    }
  }

  /// Greedy with one step back to the last star: linear for all but hostile patterns, and never exponential.
  private static func match(_ tokens: ArraySlice<Token>, _ name: ArraySlice<UInt8>) -> Bool {
    var token = tokens.startIndex
    var byte = name.startIndex
    var back: (token: Int, byte: Int)?
    while byte < name.endIndex {
      if token < tokens.endIndex, tokens[token] == .many {
        back = (token + 1, byte)
        token += 1
      } else if token < tokens.endIndex, let next = step(tokens[token], name, byte) {
        token += 1
        byte = next
      } else if let last = back {
        back = (last.token, last.byte + 1)
        token = last.token
        byte = last.byte + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .many }
  }

  /// Returns where `name` continues after a token that takes exactly one byte or character; nil if it does not match.
  private static func step(_ token: Token, _ name: ArraySlice<UInt8>, _ index: Int) -> Int? {
    switch token {
    case .byte(let wanted): return name[index] == wanted ? index + 1 : nil
    case .many: return nil
    case .one: return character(name, index).end
    case .set(let ranges, let negated):
      let (value, end) = character(name, index)
      return ranges.contains { $0.contains(value) } != negated ? end : nil
    }
  }

  /// Returns the scalar that begins at `index`. A byte that is not UTF-8 stands for itself.
  private static func character(_ name: ArraySlice<UInt8>, _ index: Int) -> (value: UInt32, end: Int) {
    var decoder = UTF8()
    var bytes = name[index...].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&bytes) {
      return (scalar.value, index + UTF8.width(scalar))
    }
    return (UInt32(name[index]), index + 1)
  }

  private static func tokens(_ part: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var index = 0
    while index < part.count {
      let byte = part[index]
      index += 1
      switch byte {
      case UInt8(ascii: "*"):
        if tokens.last != .many { tokens.append(.many) }
      case UInt8(ascii: "?"):
        tokens.append(.one)
      case UInt8(ascii: "\\") where index < part.count:
        tokens.append(.byte(part[index]))
        index += 1
      case UInt8(ascii: "["):
        if let (set, end) = set(part, index) {
          tokens.append(set)
          index = end
        } else {
          tokens.append(.byte(byte))
        }
      default:
        tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// Returns the set whose `[` is before `start`; nil without a `]`, which makes the bracket an ordinary character.
  private static func set(_ part: [UInt8], _ start: Int) -> (Token, Int)? {
    // A `]` that is first in its set means itself.
    guard let close = part.indices.first(where: { $0 > start && part[$0] == UInt8(ascii: "]") }) else { return nil }
    var scalars = Array(String(decoding: part[start..<close], as: UTF8.self).unicodeScalars)[...]
    let negated = scalars.first == "!" || scalars.first == "^"
    if negated { scalars = scalars.dropFirst() }
    var ranges: [ClosedRange<UInt32>] = []
    while let first = scalars.popFirst() {
      if scalars.first == "-", let last = scalars.dropFirst().first, last.value >= first.value {
        ranges.append(first.value...last.value)
        scalars = scalars.dropFirst(2)
      } else {
        ranges.append(first.value...first.value)
      }
    }
    return ranges.isEmpty ? nil : (.set(ranges, negated: negated), close + 1)
  }
}
