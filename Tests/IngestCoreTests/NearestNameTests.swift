import IngestCore
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  @Test(
    "a letter wrong, missing, too much or swapped is forgiven",
    arguments: [
      ("serach", "search"), ("sarch", "search"), ("seaarch", "search"), ("seerch", "search"), ("Search", "search"),
      ("wroker", "worker"), ("worker-concurency", "worker-concurrency"), ("ist", "list"), ("idx", nil),
      ("lsit", "list"), ("", nil),
      ("zzzzzz", nil), ("sea", nil),
    ])
  func forgives(_ typed: String, _ expected: String?) {
    let known = ["search", "worker", "worker-concurrency", "list", "status", "document"]
    #expect(nearestName(to: typed, among: known) == expected)
  }

  @Test("a known name needs no suggestion")
  func exact() { #expect(nearestName(to: "list", among: ["lists", "list"]) == nil) }

  @Test("the nearer of two wins, and of equals the one that sorts first, whatever the order")
  func ties() {
    #expect(nearestName(to: "parsee", among: ["parsers", "parse"]) == "parse")
    #expect(nearestName(to: "cat", among: ["hat", "bat"]) == "bat")
    #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
  }

  @Test("a text of a hundred thousand letters costs nothing against short names")
  func long() {
    let typed = String(repeating: "a", count: 100_000)
    #expect(nearestName(to: typed, among: ["search", "list"]) == nil)
  }
}
