import IngestCore
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  @Test(
    "one wrong, missing, added or swapped letter is forgiven",
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

  @Test("a known name gets no suggestion")
  func exact() { #expect(nearestName(to: "list", among: ["lists", "list"]) == nil) }

  @Test("the nearer name wins; of equally near ones the first in sort order")
  func ties() {
    #expect(nearestName(to: "parsee", among: ["parsers", "parse"]) == "parse")
    #expect(nearestName(to: "cat", among: ["hat", "bat"]) == "bat")
    #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
  }

  @Test("a text of a hundred thousand letters is cheap to compare with short names")
  func long() {
    let typed = String(repeating: "a", count: 100_000)
    #expect(nearestName(to: typed, among: ["search", "list"]) == nil)
  }
}
