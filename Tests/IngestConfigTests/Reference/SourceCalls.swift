import FoundationEssentials

/// The calls, tuples and other groups in brackets of one Swift file, with the string literals directly inside each.
///
/// It knows just enough of Swift to find error codes and journal kinds: comments, strings with interpolations, brackets
/// and commas.
struct SourceCalls {
  /// One pair of brackets, or the file itself.
  struct Group {
    /// The name before the bracket, such as `Failure`; for braces and square brackets the bracket itself, else empty.
    var callee: String
    var arguments: [Argument] = [Argument()]

    func argument(labelled label: String) -> Argument? {
      arguments.first { $0.words.first == label + ":" }
    }
  }

  /// One argument, without the groups inside it.
  struct Argument {
    /// Identifiers, each with a `.` before it or a `:` after it where the code has one; `==` is a word too, and `"` stands
    /// for a literal.
    var words: [String] = []
    /// The string literals without interpolation.
    var literals: [Literal] = []
  }

  struct Literal {
    var text: String
    /// Whether the literal is compared, not passed on.
    var isCompared: Bool
  }

  private(set) var groups: [Group] = []
  /// The text of every string literal, with its interpolations as they stand.
  private(set) var texts: [String] = []
  private let bytes: [UInt8]
  private var place = 0

  init(_ source: String) {
    bytes = Array(source.utf8)
    readGroup(callee: "", end: 0)
  }

  private mutating func readGroup(callee: String, end: UInt8) {
    var group = Group(callee: callee)
    defer { groups.append(group) }
    var word: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      if Self.isWord(byte) {
        word.append(byte)
        place += 1
        continue
      }
      let name = String(decoding: word, as: UTF8.self)
      word = []
      if !name.isEmpty { group.add(word: byte == UInt8(ascii: ":") ? name + ":" : name) }
      place += 1
      switch byte {
      case end: return
      case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      case UInt8(ascii: "\""): readString(&group)
      case UInt8(ascii: "("): readGroup(callee: name, end: UInt8(ascii: ")"))
      case UInt8(ascii: "["): readGroup(callee: "[", end: UInt8(ascii: "]"))
      case UInt8(ascii: "{"): readGroup(callee: "{", end: UInt8(ascii: "}"))
      case UInt8(ascii: ","): group.arguments.append(Argument())
      case UInt8(ascii: "=") where next == UInt8(ascii: "="): group.add(word: "==")
      default: break
      }
    }
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Reads a string from behind its first quote.
  private mutating func readString(_ group: inout Group) {
    let quote = UInt8(ascii: "\"")
    let isLong = next == quote && place + 1 < bytes.count && bytes[place + 1] == quote
    if isLong { place += 2 }
    let start = place
    var isPlain = true
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\\"):
        isPlain = false
        let escaped = next
        place += 1
        if escaped == UInt8(ascii: "(") { readGroup(callee: "", end: UInt8(ascii: ")")) }
      case quote where !isLong:
        return finish(start..<place - 1, isPlain, &group)
      case quote where bytes[place...].starts(with: [quote, quote]):
        place += 2
        return finish(start..<place - 3, isPlain, &group)
      default: break
      }
    }
  }

  private mutating func finish(_ range: Range<Int>, _ isPlain: Bool, _ group: inout Group) {
    let text = String(decoding: bytes[range], as: UTF8.self)
    texts.append(text)
    guard isPlain else { return }
    let last = group.arguments.count - 1
    let isCompared = group.arguments[last].words.last == "=="
    group.arguments[last].literals.append(Literal(text: text, isCompared: isCompared))
    group.add(word: "\"")
  }
}

extension SourceCalls.Group {
  fileprivate mutating func add(word: String) { arguments[arguments.count - 1].words.append(word) }
}

extension SourceCalls {
  /// The Swift files of the product, by their path in the repository: all of `Sources` but the kit for tests.
  static let product: [String: SourceCalls] = {
    let root = Repository.root + "/Sources"
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
    var calls: [String: SourceCalls] = [:]
    for path in paths where path.hasSuffix(".swift") && !path.hasPrefix("IngestTestKit/") {
      guard let source = try? String(contentsOfFile: root + "/" + path, encoding: .utf8) else { continue }
      calls["Sources/" + path] = SourceCalls(source)
    }
    return calls
  }()
}
