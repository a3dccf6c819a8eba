import IngestIntake
import Testing

@Suite("Globs")
struct GlobPatternTests {
  @Test(
    "patterns match as in a shell",
    arguments: [
      ("*.pdf", "a.pdf", true), ("*.pdf", "x/y/a.pdf", true), ("*.pdf", "a.pdfx", false), ("a?c", "abc", true),
      ("a?c", "aéc", true), ("a?c", "ac", false), ("x/*.pdf", "x/a.pdf", true), ("x/*.pdf", "x/y/a.pdf", false),
      ("**/*.pdf", "a.pdf", true), ("**/*.pdf", "x/y/a.pdf", true), ("x/**", "x/y/z", true), ("x/**", "x", false),
      ("**/d/**", "d/a", true), ("**/d/**", "x/d/y/a", true), ("**/d/**", "x/d", false), ("[a-c]1", "b1", true),
      ("[!a-c]1", "b1", false), ("[!a-c]1", "z1", true), ("[]]", "]", true), ("[", "[", true), ("\\*", "*", true),
      ("\\*", "a", false), ("**/**/a", "x/a", true), ("a**b", "axxb", true), ("", "a", false),
    ])
  func match(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(GlobPattern(pattern).matches(FilePath(path)) == expected)
  }

  @Test("a hostile pattern does not take exponential time", .timeLimit(.minutes(15)))
  func hostile() {
    let pattern = GlobPattern(String(repeating: "a*", count: 60) + "b")
    #expect(!pattern.matches(FilePath(String(repeating: "a", count: 250))))
    let folders = GlobPattern(String(repeating: "**/a/", count: 12) + "b")
    #expect(!folders.matches(FilePath(String(repeating: "a/", count: 40) + "c")))
  }

  @Test("the path before the first wildcard is the folder to walk")
  func split() {
    #expect(GlobPattern.split("/srv/docs/**/*.pdf").base == "/srv/docs")
    #expect(GlobPattern.split("/srv/docs/**/*.pdf").pattern.text == "**/*.pdf")
    #expect(GlobPattern.split("*.pdf").base == ".")
    #expect(GlobPattern.split("/*").base == "/")
  }
}
