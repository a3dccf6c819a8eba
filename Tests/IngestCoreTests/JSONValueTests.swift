import IngestCore
import Testing

struct JSONValueTests {
  @Test("parsed JSON is printed again with sorted keys")
  func roundTrip() {
    let text = #"{"b":[1,-2,0.5,1e3,true,false,null],"a":{"x":"\"\\\n\tü😀"}}"#
    let printed = JSONValue(parsing: text)?.description
    #expect(printed == #"{"a":{"x":"\"\\\n\tü😀"},"b":[1,-2,0.5,1000.0,true,false,null]}"#)
  }

  @Test(
    "escapes are parsed; half a surrogate pair becomes the replacement character",
    arguments: [
      (#""\u00e9""#, "é"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d!""#, "\u{FFFD}!"), (#""\udE00""#, "\u{FFFD}"),
      (#""\/\b\f\r""#, "/\u{8}\u{c}\r"),
    ])
  func escapes(text: String, expected: String) {
    #expect(JSONValue(parsing: text) == .text(expected))
  }

  @Test(
    "text that is not JSON is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "-", "1.", ".5", "1e", "+1", "nul", "'a'", "\"a",
      "\"\u{1}\"",
      "\"\\x\"", "\"\\u12\"", "[1] 2", "NaN", "1e999", "{a:1}",
    ])
  func malformed(text: String) {
    #expect(JSONValue(parsing: text) == nil)
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    #expect(JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")]) == nil)
  }

  @Test("deeply nested brackets are refused before the stack overflows")
  func depth() {
    let tower = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
    #expect(JSONValue(parsing: tower(JSONValue.depthLimit)) != nil)
    #expect(JSONValue(parsing: tower(JSONValue.depthLimit + 2)) == nil)
    #expect(JSONValue(parsing: String(repeating: "[", count: 1_000_000)) == nil)
  }

  @Test("integers beyond 64 bits are kept as numbers")
  func largeNumbers() {
    #expect(JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
  }

  @Test("any bytes are either parsed or refused")
  func fuzz() {
    var random = SplitMix(seed: 7)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "1", "-", ".", "e", "true", "null", " ", "ü",
    ]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...12, using: &random)
      let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      guard let value = JSONValue(parsing: text) else { continue }
      let again = JSONValue(parsing: value.description)
      #expect(again.map(value.equals) == true, "\(text)")
    }
  }
}
