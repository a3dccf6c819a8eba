import Foundation

/// Replaces the parts of printed text that differ between two runs of one story: times, durations, ids, paths, ports.
///
/// Ids become numbers in the order in which they first appear, so the comparison still shows which job is which. Times
/// from the year 2090 on stay, because a story chooses them itself.
final class Normaliser {
  private struct Rule {
    var pattern: NSRegularExpression
    var template: String

    init(_ pattern: String, _ template: String) throws {
      self.pattern = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
      self.template = template
    }
  }

  private var names: [String: String]
  private var ids: [String: Int] = [:]
  private let id: NSRegularExpression
  /// Values with a fixed width; each is one token.
  private let always: [Rule]
  /// Ages and durations, and `now`. Their width varies, so the columns of a table move.
  private let relative: [Rule]
  private let spaces: Rule
  /// Line wraps of `doctor`, which depend on the lengths of paths.
  private let wraps: Rule

  /// - Parameter names: texts such as the story's folder, each with its replacement.
  init(names: [String: String]) throws {
    self.names = names
    id = try NSRegularExpression(pattern: "\\b[0-7][0-9A-HJKMNP-TV-Z]{25}\\b")
    always = [
      try Rule("\\b20[0-8]\\d-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?", "<time>"),
      try Rule("\"((?:took|duration|retry_after)_ms)\":[0-9.]+", "\"$1\":<ms>"),
      try Rule("(\"event\":\"claimed-again\",\"text\"):\"\\d+\"", "$1:<µs>"),
      try Rule("\\bwithin \\d+ (ms|s|min|h)\\b", "within <span>"),
      try Rule("\\buid-\\d+", "uid-<user>"),
      try Rule("/[^ \"'`<>]*/ingestd-parse\\b", "<programs>/ingestd-parse"),
      // The end of a shortened path.
      try Rule("(\\.\\.\\.|…)[^ ]*/", "<cut>/"),
      try Rule("\\b[0-9.]+ [KMGT]iB are free", "<size> are free"),
      try Rule("^ingestd \\d+\\.\\d+\\.\\d+\\S*$", "ingestd <version>"),
    ]
    relative = [
      try Rule("\\bin \\d+ (s|min|h|d)\\b|\\b\\d+ (s|min|h|d) ago\\b", "<span>"),
      try Rule("(?<=  |\\(|next )now(?=  |\\)|,|$)", "<span>"),
      try Rule("\\b\\d+(\\.\\d+)? (µs|ms|s|min|h|d)\\b( \\d+ (s|min|h)\\b)?", "<span>"),
    ]
    spaces = try Rule(" {2,}|(?<=.) +$", "  ")
    wraps = try Rule("^((?:ok|warn|fail) .*)\\n {6}(?!→)", "$1 ")
  }

  /// - Parameter isJSON: whether the text is JSON, which has no relative times.
  func callAsFunction(_ text: String, isJSON: Bool) -> String {
    var text = text
    for (value, name) in names.sorted(by: { $0.key.count > $1.key.count }) {
      text = text.replacingOccurrences(of: value, with: name)
    }
    text = replaceIDs(text)
    for rule in always { text = apply(rule, text) }
    if isJSON { return text }
    for _ in 0..<8 { text = apply(wraps, text) }
    let before = text
    for rule in relative { text = apply(rule, text) }
    return text == before ? text : apply(spaces, text)
  }

  private func apply(_ rule: Rule, _ text: String) -> String {
    rule.pattern.stringByReplacingMatches(
      in: text, range: NSRange(text.startIndex..., in: text), withTemplate: rule.template)
  }

  private func replaceIDs(_ text: String) -> String {
    var result = ""
    var end = text.startIndex
    for match in id.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      guard let range = Range(match.range, in: text) else { continue }
      let number = ids[String(text[range])] ?? ids.count + 1
      ids[String(text[range])] = number
      result += text[end..<range.lowerBound] + "<id \(number)>"
      end = range.upperBound
    }
    return result + text[end...]
  }
}
