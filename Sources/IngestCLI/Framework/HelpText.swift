import IngestCore

/// The text of `-h`. It fits ``width`` columns.
package struct HelpText: Sendable {
  package static let width = 80

  package let tree: CommandTree

  package init(tree: CommandTree) { self.tree = tree }

  package func text(_ path: [String]) -> String {
    switch tree.node(path) {
    case .root, nil: overview
    case .group(let group): self.group(group)
    case .command(let command): self.command(command.spec)
    }
  }

  private var overview: String {
    var lines = [
      "ingestd takes documents, runs each through a durable workflow (parse, chunk,",
      "embed, upsert) and keeps the indexes that your application searches.",
      "",
      "Usage: ingestd COMMAND [OPTIONS]",
    ]
    for section in HelpSection.allCases {
      var rows: [(String, String)] = []
      for spec in tree.specs where spec.section == section {
        guard let word = spec.path.first, !rows.contains(where: { $0.0 == word }) else { continue }
        rows.append((word, tree.groups.first { $0.name == word }?.summary ?? spec.summary))
      }
      if rows.isEmpty { continue }
      lines.append("")
      lines.append(section.rawValue + ":")
      lines += Self.columns(rows, left: 12)
    }
    lines += ["", "Options of every command:"]
    lines += Self.columns(GlobalOptions.all.map(Self.row), left: 18)
    lines += ["", "Exit status:"]
    let failures = Failure.Category.allCases.map { ("\($0.exitStatus)", $0.meaning) }
    lines += Self.columns([("0", "done")] + failures, left: 4)
    lines += ["", "`ingestd COMMAND -h` explains a command; `ingestd --version` prints the version."]
    return lines.joined(separator: "\n")
  }

  private func group(_ group: CommandGroup) -> String {
    let members = tree.members(of: group.name)
    var lines = [
      "ingestd \(group.name): \(group.summary)", "", "Usage: ingestd \(group.name) COMMAND [OPTIONS]", "",
    ]
    lines.append("Commands:")
    let rows = members.map { (String($0.name.dropFirst(group.name.count + 1)), $0.summary) }
    lines += Self.columns(rows, left: 12)
    let examples = members.compactMap(\.examples.first)
    if !examples.isEmpty { lines += ["", "Examples:"] + examples.flatMap(Self.example) }
    lines += ["", "`ingestd \(group.name) COMMAND -h` explains a command."]
    return lines.joined(separator: "\n")
  }

  private func command(_ spec: CommandSpec) -> String {
    var lines = Self.wrap("ingestd \(spec.name): \(spec.summary)", width: Self.width, indent: 2)
    lines.append("")
    lines += Self.wrap("Usage: " + Self.usage(spec), width: Self.width, indent: 9 + spec.name.count)
    for paragraph in spec.details { lines += [""] + Self.wrap(paragraph, width: Self.width, indent: 0) }
    if !spec.arguments.isEmpty {
      lines += ["", "Arguments:"] + Self.columns(spec.arguments.map(Self.row), left: 22)
    }
    if !spec.options.isEmpty { lines += ["", "Options:"] + Self.columns(spec.options.map(Self.row), left: 22) }
    lines += ["", "Options of every command:"] + Self.columns(GlobalOptions.all.map(Self.row), left: 22)
    if !spec.exits.isEmpty {
      lines += ["", "Exit status:"] + Self.columns(spec.exits.map { (String($0.status), $0.when) }, left: 5)
    }
    if !spec.examples.isEmpty { lines += ["", "Examples:"] + spec.examples.flatMap(Self.example) }
    return lines.joined(separator: "\n")
  }

  /// Returns the usage line, such as `ingestd search QUERY … [--index NAME]`.
  package static func usage(_ spec: CommandSpec) -> String {
    var words = ["ingestd", spec.name]
    for argument in spec.arguments {
      let name = argument.placeholder + (argument.repeats ? " …" : "")
      words.append(argument.required ? name : "[\(name)]")
    }
    for option in spec.options {
      let value = option.form == .flag ? "" : " " + option.placeholder
      words.append("[\(option.key)\(value)]" + (option.repeats && option.form == .option ? "…" : ""))
    }
    return words.joined(separator: " ")
  }

  private static func row(_ parameter: ParameterSpec) -> (String, String) {
    var left = parameter.placeholder + (parameter.repeats ? " …" : "")
    if parameter.form != .argument {
      left = parameter.names.sorted { $0.count < $1.count }.joined(separator: ", ")
      if parameter.form == .option { left += " " + parameter.placeholder }
    }
    var right = parameter.summary
    if !parameter.allowed.isEmpty { right += " One of \(parameter.allowed)." }
    if parameter.form == .option, parameter.repeats { right += " May be repeated." }
    var notes: [String] = []
    if let variable = parameter.environment { notes.append("or $\(variable)") }
    if let fallback = parameter.defaultText { notes.append("default: \(fallback)") }
    if !notes.isEmpty { right += " [" + notes.joined(separator: "; ") + "]" }
    return (left, right)
  }

  private static func example(_ example: CommandSpec.Example) -> [String] {
    ["  \(example.command)"] + wrap("      " + example.explanation, width: width, indent: 6)
  }

  /// Returns rows in two columns. A left text that is too long gets its own line.
  private static func columns(_ rows: [(String, String)], left: Int) -> [String] {
    rows.flatMap { name, text -> [String] in
      let margin = String(repeating: " ", count: left + 2)
      let body = wrap(margin + text, width: width, indent: left + 2)
      guard name.count < left - 1, let first = body.first else { return ["  " + name] + body }
      let head = "  " + name + String(repeating: " ", count: left - name.count) + first.dropFirst(left + 2)
      return [head] + body.dropFirst()
    }
  }

  /// Breaks a text at spaces. Lines after the first begin with `indent` spaces. Leading spaces are kept.
  static func wrap(_ text: String, width: Int, indent: Int) -> [String] {
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
    return lines
  }
}
