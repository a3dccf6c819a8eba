import IngestConfig
import Testing

@Suite("Reading YAML")
struct YAMLReaderTests {
  private func read(_ text: String, limits: YAMLLimits = .init()) -> (node: YAMLNode?, diagnostics: [String]) {
    var diagnostics: [Diagnostic] = []
    let node = YAMLReader.read(Array(text.utf8), file: "f.yaml", limits: limits, diagnostics: &diagnostics)
    return (node, diagnostics.map(\.description))
  }

  private func diagnostics(_ bytes: [UInt8]) -> [String] {
    var diagnostics: [Diagnostic] = []
    _ = YAMLReader.read(bytes, file: "f.yaml", diagnostics: &diagnostics)
    return diagnostics.map(\.description)
  }

  @Test("every value and key has its line and column, counted from 1 in characters")
  func positions() throws {
    let node = try #require(read("# note\na: 1\nlist:\n  - é: {x: 2}\n").node)
    guard case .mapping(let entries) = node.content, case .sequence(let items) = entries[1].value.content,
      case .mapping(let inner) = items[0].content, case .mapping(let innermost) = inner[0].value.content
    else {
      Issue.record("the value has another shape")
      return
    }
    #expect(entries[0].keyOrigin == .file("f.yaml", line: 2, column: 1))
    #expect(entries[0].value.origin == .file("f.yaml", line: 2, column: 4))
    #expect(inner[0].keyOrigin == .file("f.yaml", line: 4, column: 5))
    #expect(innermost[0].value.origin == .file("f.yaml", line: 4, column: 12))
  }

  @Test(
    "plain scalars follow the core schema of YAML 1.2",
    arguments: [
      ("yes", .text), ("no", .text), ("on", .text), ("off", .text), ("y", .text), ("true", .bool(true)),
      ("False", .bool(false)), ("tRue", .text), ("~", .null), ("", .null), ("null", .null), ("nulL", .text),
      ("010", .integer(10)), ("0o10", .integer(8)), ("0o9", .text), ("0x1F", .integer(31)), ("0x", .text),
      ("-0x1", .text), ("0b11", .text), ("1_000", .text), ("12:30:45", .text), ("-7", .integer(-7)),
      ("+7", .integer(7)), ("1.5", .number(1.5)), ("1.", .number(1)), (".5", .number(0.5)), ("1e3", .number(1000)),
      ("1e", .text), (".", .text), ("-", .text), (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)),
      ("inf", .text), ("nan", .text), ("99999999999999999999", .number(1e20)), ("2026-11-20", .text), ("1 2", .text),
    ] as [(String, YAMLScalar.Value)])
  func coreSchema(_ text: String, _ value: YAMLScalar.Value) {
    #expect(YAMLScalar(text, plain: true).value == value)
    #expect(YAMLScalar(text, plain: false).value == .text)
  }

  @Test("quotes and !!str make any scalar a text; other tags are refused with their place")
  func tags() throws {
    let node = try #require(read("[\"1\", !!str 1, !!int 1]").node)
    guard case .sequence(let items) = node.content else { return }
    #expect(items[0].content == .scalar(.init("1", plain: false)))
    #expect(items[1].content == .scalar(.init("1", plain: false)))
    #expect(
      read("a: !!binary x\nb: !mine {}\n").diagnostics.map { $0.prefix(15) } == ["f.yaml:1:4: the", "f.yaml:2:4: the"])
  }

  @Test(
    "a file that is not exactly one YAML document is refused with its place",
    arguments: [
      ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins here"),
      ("a: 1\n\tb: 2\n", "f.yaml:2:1: a tab in the indentation (indent with spaces)"),
      ("a:\n  \tb: 2\n", "f.yaml:2:3: a tab in the indentation"),
      ("a: b: c\n", "f.yaml:1:5: mapping values are not allowed in this context (put text"),
      ("a: [1, 2\n", "f.yaml:2:1: did not find expected ',' or ']'"),
      ("a: \"b\n", "f.yaml:2:1: found unexpected end of stream"),
      ("a: *b\n", "f.yaml:1:4: *b repeats nothing"),
      ("a: &a [*a]\n", "f.yaml:1:8: *a is inside the value that it repeats"),
      ("? [1]\n: 2\n", "f.yaml:1:3: a key must be a name, found a list"),
      ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key \"a\" is given twice (it was first given on line 1)"),
      ("a: \u{7}\n", "f.yaml:1:4: control characters are not allowed"),
      ("@a\n", "f.yaml:1:1: found character that cannot start any token"),
    ])
  func refused(_ text: String, _ message: String) {
    let diagnostics = read(text).diagnostics
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.hasPrefix(message) == true, "\(diagnostics)")
  }

  @Test("bytes that are not UTF-8 are refused with their place, and a byte order mark is skipped")
  func encoding() {
    #expect(
      diagnostics([0x61, 0x3A, 0x20, 0x0A, 0x62, 0xFF]).first?.hasPrefix("f.yaml:2:2: a byte that is not UTF-8") == true
    )
    #expect(diagnostics([0xC3, 0x28]).first?.hasPrefix("f.yaml:1:1: a byte that is not UTF-8") == true)
    #expect(diagnostics([0xFF, 0xFE, 0x61, 0x00]).first?.hasPrefix("f.yaml:1:1: the file is UTF-16") == true)
    #expect(diagnostics([0x61, 0x3A, 0x00]).first?.hasPrefix("f.yaml:1:3: control characters") == true)
    #expect(diagnostics([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)).isEmpty)
  }

  @Test("an empty file has no value and is no mistake", arguments: ["", "\n", "# only a note\n"])
  func empty(_ text: String) {
    #expect(read(text).node == nil)
    #expect(read(text).diagnostics.isEmpty)
  }

  @Test("aliases repeat what they name, and a few lines cannot grow into gigabytes")
  func aliases() {
    #expect(read("a: &x {b: 1}\nc: *x\n").diagnostics.isEmpty)
    var bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      bomb += "l\(level): &l\(level) [" + Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(
      read(bomb).diagnostics == ["f.yaml:5:10: more than 20000 values (an alias counts all values that it repeats)"])
  }

  @Test("depth and size are bounded, also with aliases")
  func limits() {
    let deep = String(repeating: "[", count: 5000)
    #expect(read(deep).diagnostics == ["f.yaml:1:33: more than 32 nested levels"])
    #expect(read(String(repeating: "[", count: 32) + String(repeating: "]", count: 32)).diagnostics.isEmpty)
    var limits = YAMLLimits()
    limits.depth = 2
    #expect(
      read("a: &x [[1]]\nb: [*x]", limits: limits).diagnostics.first?.contains(":1:8: more than 2 nested levels")
        == true)
    #expect(
      read("a: &x [1]\nb: [*x]", limits: limits).diagnostics.first?.contains(":2:5: more than 2 nested levels") == true)
    limits.bytes = 3
    #expect(read("a: 1", limits: limits).diagnostics == ["f.yaml:1:1: the file has 4 bytes (at most 3 are read)"])
  }
}
