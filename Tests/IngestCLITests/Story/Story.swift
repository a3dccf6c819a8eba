import Foundation
import Testing

/// A script of commands, read from `Scripts/NAME.story`; the first lines of each script explain its format.
struct Story: Sendable, CustomTestStringConvertible {
  /// One line of the script.
  enum Line: Sendable {
    case group(String)
    /// Writes a file below the story's folder.
    case write(path: String, text: String)
    case remove(path: String)
    /// Sets how the embedding server answers from now on.
    case server(String)
    /// Gives the next command this standard input.
    case input(String)
    /// Gives the next command this environment variable.
    case variable(String)
    case command([String], json: Bool)
    /// Keeps a value of the last command's JSON under a name, such as `0.job`: the field of the first line.
    case capture(name: String, path: String)
    /// Runs a worker until the job's state or reason is this one, then stops it.
    case work(job: String, until: String)
  }

  struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  let name: String

  var testDescription: String { name }

  static let folder = DataFolderFixture.repository("Tests/IngestCLITests/Story/Scripts")

  var script: String { "\(Self.folder)/\(name).story" }
  var recording: String { "\(Self.folder)/\(name).recording" }

  static let all = ["documents", "failures", "help", "indexes", "limits", "schedules", "setup", "waits"].map(Story.init)

  /// Reads the script.
  func lines() throws -> [Line] {
    var result: [Line] = []
    var rest = try String(contentsOfFile: script, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = rest.popFirst() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      let word = line.prefix { $0 != " " }
      let value = String(line.dropFirst(word.count + 1))
      switch word {
      case "==": result.append(.group(value))
      case "write": result.append(.write(path: value, text: Self.block(&rest)))
      case "remove": result.append(.remove(path: value))
      case "server": result.append(.server(value))
      case "input": result.append(.input(value))
      case "env": result.append(.variable(value))
      case ">": result.append(.command(try Self.words(value), json: true))
      case "$": result.append(.command(try Self.words(value), json: false))
      case "let":
        let parts = value.components(separatedBy: " = ")
        guard parts.count == 2 else { throw Mistake(description: "\(name): \(line)") }
        result.append(.capture(name: parts[0], path: parts[1]))
      case "work":
        let parts = value.components(separatedBy: " until ")
        guard parts.count == 2 else { throw Mistake(description: "\(name): \(line)") }
        result.append(.work(job: parts[0], until: parts[1]))
      default: throw Mistake(description: "\(name): unknown line: \(line)")
      }
    }
    return result
  }

  /// Takes the indented lines that follow, without their indent of two spaces.
  private static func block(_ rest: inout ArraySlice<Substring>) -> String {
    var text = ""
    while let line = rest.first {
      let isInside = line.isEmpty ? rest.dropFirst().first?.hasPrefix("  ") == true : line.hasPrefix("  ")
      guard isInside else { break }
      text += line.dropFirst(2) + "\n"
      rest = rest.dropFirst()
    }
    return text
  }

  /// Splits at spaces; text in single quotes is one word.
  private static func words(_ text: String) throws -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in text {
      switch character {
      case "'":
        isQuoted.toggle()
        word = word ?? ""
      case " " where !isQuoted:
        if let whole = word { words.append(whole) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    guard !isQuoted else { throw Mistake(description: "a quote is open: \(text)") }
    return words
  }
}
