import Foundation

/// The commands of a story with their results, as text: `Scripts/NAME.recording`.
struct Recording: Equatable {
  /// A command, its exit status, and its output, all normalised.
  struct Entry: Equatable {
    var group: String
    var command: String
    var status: Int32
    var output: String
    var error: String
  }

  var entries: [Entry] = []

  init() {}

  /// Parses what ``text`` wrote.
  init(_ text: String) {
    var group = ""
    for line in text.split(separator: "\n") {
      let rest = String(line.dropFirst(2))
      switch line.prefix(2) {
      case "==": group = String(rest.dropFirst())
      case "$ ": entries.append(Entry(group: group, command: rest, status: 0, output: "", error: ""))
      case "= ": entries[entries.count - 1].status = Int32(rest) ?? -1
      case "| ": entries[entries.count - 1].output += rest + "\n"
      case "! ": entries[entries.count - 1].error += rest + "\n"
      default: break
      }
    }
  }

  var text: String {
    var text = ""
    var group = ""
    for entry in entries {
      if entry.group != group { text += "\n== \(entry.group)\n" }
      group = entry.group
      text += "$ \(entry.command)\n= \(entry.status)\n"
      for line in Self.lines(entry.output) { text += "| \(line)\n" }
      for line in Self.lines(entry.error) { text += "! \(line)\n" }
    }
    return text
  }

  private static func lines(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

extension Recording.Entry {
  /// Returns how this result differs from the expected one; nil if it does not.
  func difference(from expected: Self) -> String? {
    if self == expected { return nil }
    var text = "$ \(expected.command)\n"
    if command != expected.command { text += "the script now has: $ \(command)\n" }
    if status != expected.status { text += "exit status: expected \(expected.status), got \(status)\n" }
    return text + Self.difference("output", output, expected.output) + Self.difference("error", error, expected.error)
  }

  private static func difference(_ name: String, _ got: String, _ expected: String) -> String {
    if got == expected { return "" }
    var text = "\(name):\n"
    let changes = got.split(separator: "\n").difference(from: expected.split(separator: "\n"))
    for case .remove(_, let line, _) in changes { text += "  - \(line)\n" }
    for case .insert(_, let line, _) in changes { text += "  + \(line)\n" }
    let place = zip(got, expected).prefix { $0 == $1 }.count
    let start = max(0, place - 40)
    text += "  first difference: expected «\(expected.dropFirst(start).prefix(80))»\n"
    return text + "                         got «\(got.dropFirst(start).prefix(80))»\n"
  }
}
