import Foundation
import IngestCLI
import IngestCore
import Testing

@Suite("Text on a terminal")
struct DisplayTests {
  @Test(
    "columns are counted as a terminal counts them",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("ｶ", 1), ("👍", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("", 0),
    ])
  func columns(_ text: String, _ columns: Int) {
    #expect(text.columns == columns)
  }

  @Test("characters that could move the cursor or reorder the line are escaped")
  func visible() {
    #expect("a\nb\t\r".visible == "a\\nb\\t\\r")
    #expect("\u{1b}[31m\u{7}".visible == "\\x1b[31m\\x07")
    #expect("\u{9b}2J\u{7f}".visible == "\\x9b2J\\x7f")
    #expect("a\u{202e}b".visible == "a\\u{202e}b")
    #expect("größe 日本 👩‍👩‍👧".visible == "größe 日本 👩‍👩‍👧")
  }

  @Test("a text is shortened to a number of columns, not of characters")
  func shortening() {
    #expect("日本語テキスト".shortened(to: 7) == "日本語…")
    #expect("日本語テキスト".shortened(to: 6) == "日本…")
    #expect("日本語".shortened(to: 6) == "日本語")
    #expect("/a/very/long/path.pdf".shortenedAtStart(to: 9) == "…path.pdf")
    #expect("abc".shortened(to: 0) == "")
  }

  private func table() -> Table {
    var table = Table([
      .init("JOB"), .init("URI", yields: 2, minimum: 10, keepsEnd: true), .init("N", isNumber: true),
      .init("STATE", yields: 1),
    ])
    table.add("01KA", "/srv/" + String(repeating: "日本", count: 40) + "/x.pdf", "7", "queued")
    table.add("01KB", "/srv/evil\u{1b}[2J\nname.pdf", "1234", "running")
    return table
  }

  @Test("a table in a pipe fits 80 columns, keeps the ends of paths and aligns wide characters")
  func tables() {
    let lines = table().text(Terminal()).split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.columns <= 80 })
    #expect(lines[0].hasPrefix("JOB   URI"))
    #expect(lines[1].contains("…") && lines[1].contains("/x.pdf"))
    #expect(lines[2].contains("evil\\x1b[2J\\nname.pdf"))
    func column(_ line: String, _ word: String) throws -> Int {
      try String(line[..<#require(line.range(of: word)).lowerBound]).columns
    }
    #expect(throws: Never.self) {
      let start = try column(lines[1], "queued")
      #expect(try column(lines[2], "running") == start)
      #expect(try column(lines[0], "STATE") == start)
    }
  }

  @Test("a table on a narrow terminal without Unicode uses ASCII, and colour only on request")
  func narrow() {
    let plain = table().text(Terminal(outputIsTerminal: true, width: 60, isUnicode: false))
    #expect(plain.split(separator: "\n").allSatisfy { String($0).columns <= 60 })
    #expect(plain.contains("...") && !plain.contains("\u{1b}"))
    #expect(table().text(Terminal(outputHasColour: true)).contains("\u{1b}[1mJOB "))
  }

  @Test("colour depends on the terminal, NO_COLOR, TERM and --no-color")
  func colour() {
    func terminal(_ environment: [String: String], _ noColour: Bool = false, tty: Bool = true) -> Terminal {
      Terminal(
        outputIsTerminal: tty, errorIsTerminal: tty, columns: 100, environment: environment, noColour: noColour)
    }
    #expect(terminal([:]).outputHasColour)
    #expect(terminal(["NO_COLOR": ""]).outputHasColour)
    #expect(!terminal(["NO_COLOR": "1"]).outputHasColour)
    #expect(!terminal(["TERM": "dumb"]).outputHasColour)
    #expect(!terminal(["TERM": "dumb"]).errorIsTerminal)
    #expect(!terminal([:], true).outputHasColour)
    #expect(!terminal([:], tty: false).outputHasColour)
    #expect(terminal(["LANG": "de_DE.UTF-8"]).isUnicode)
    #expect(!terminal(["LANG": "de_DE.UTF-8", "LC_ALL": "C"]).isUnicode)
    #expect(terminal([:]).width == 100)
  }
}
