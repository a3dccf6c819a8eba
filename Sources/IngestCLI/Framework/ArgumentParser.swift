/// A parser of command lines for the declared commands. It reads no files and no environment.
package struct ArgumentParser: Sendable {
  /// The meaning of a command line.
  package enum Request: Sendable {
    case help(path: [String])
    case version
    case command(any Command.Type, ParsedArguments)
  }

  package let tree: CommandTree

  package init(tree: CommandTree) { self.tree = tree }

  /// Parses a command line.
  /// - Parameter arguments: without the program's name.
  package func parse(_ arguments: [String]) throws(UsageError) -> Request {
    var path: [String] = []
    var scan = OptionScan(command: "", specs: GlobalOptions.all)
    var position = 0
    while position < arguments.count {
      let word = arguments[position]
      if word == "--version", path.isEmpty { return .version }
      if OptionScan.isOption(word) {
        position += try scan.take(arguments[position...])
        continue
      }
      position += 1
      if word == "help", path.isEmpty { return .help(path: known(Array(arguments[position...]))) }
      path.append(word)
      switch tree.node(path) {
      case .command(let command):
        return try parse(command, arguments[position...], scan)
      case .group, .root:
        scan.command = path.joined(separator: " ")
      case nil:
        path.removeLast()
        let nearest = Suggestion.nearest(to: word, among: tree.words(after: path))
        throw .unknownCommand(path: path, word: word, nearest: nearest)
      }
    }
    if scan.wantsHelp || path.isEmpty { return .help(path: path) }
    throw .missingCommand(path: path, words: tree.words(after: path))
  }

  private func parse(
    _ command: any Command.Type, _ rest: ArraySlice<String>, _ before: OptionScan
  ) throws(UsageError) -> Request {
    let spec = command.spec
    var scan = before
    scan.command = spec.name
    scan.specs = spec.options + GlobalOptions.all
    var words: [String] = []
    var position = rest.startIndex
    while position < rest.endIndex {
      let word = rest[position]
      if word == "--" {
        words.append(contentsOf: rest[(position + 1)...])
        break
      }
      if OptionScan.isOption(word) {
        position += try scan.take(rest[position...])
      } else {
        words.append(word)
        position += 1
      }
    }
    if scan.wantsHelp { return .help(path: spec.path) }
    for options in spec.exclusive {
      let given = options.filter { scan.given[$0] != nil }
      if given.count > 1 { throw .exclusive(command: spec.name, options: given) }
    }
    var parsed = ParsedArguments()
    for option in scan.specs {
      try decode(option, scan.given[option.key] ?? [], spec, into: &parsed)
    }
    var remaining = words[...]
    for argument in spec.arguments {
      let taken = argument.repeats ? remaining : remaining.prefix(1)
      remaining = remaining.dropFirst(taken.count)
      if argument.required, taken.isEmpty {
        throw .missingArgument(command: spec.name, placeholder: argument.placeholder)
      }
      try decode(argument, Array(taken), spec, into: &parsed)
    }
    if let extra = remaining.first { throw .extraArgument(command: spec.name, text: extra) }
    return .command(command, parsed)
  }

  private func decode(
    _ parameter: ParameterSpec, _ texts: [String], _ spec: CommandSpec, into parsed: inout ParsedArguments
  ) throws(UsageError) {
    do {
      parsed.set(parameter, try parameter.decode(texts), given: !texts.isEmpty)
    } catch {
      throw .wrongValue(
        command: spec.name, parameter: parameter.key, text: error.text, expected: error.mistake.expected)
    }
  }

  /// Returns the longest start of `words` that names a command or group, for `ingestd help job list`.
  private func known(_ words: [String]) -> [String] {
    var path = words.filter { !OptionScan.isOption($0) }
    while !path.isEmpty, tree.node(path) == nil { path.removeLast() }
    return path
  }
}

/// The options of a command line, collected before their values are parsed.
struct OptionScan {
  /// The command's name, for messages.
  var command: String
  var specs: [ParameterSpec]
  /// The values by ``ParameterSpec/key``; a flag has one empty text for each time it is given.
  var given: [String: [String]] = [:]

  var wantsHelp: Bool { given[GlobalOptions.help.spec.key] != nil }

  /// Returns whether a word is an option. `-` alone is an argument (standard input), and `-5` is a number.
  static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-" else { return false }
    return Double(word) == nil
  }

  /// Collects the option at the start of `rest`.
  /// - Returns: how many words it consumed.
  mutating func take(_ rest: ArraySlice<String>) throws(UsageError) -> Int {
    guard let word = rest.first else { return 0 }
    let (name, attached) = Self.split(word)
    guard let spec = specs.first(where: { $0.names.contains(name) }) else {
      let nearest = Suggestion.nearest(to: name, among: specs.flatMap(\.names))
      throw .unknownOption(command: command, option: name, nearest: nearest)
    }
    if spec.form == .flag {
      guard attached == nil else { throw .unexpectedValue(command: command, option: name) }
      given[spec.key, default: []].append("")
      return 1
    }
    if let attached {
      try keep(attached, of: spec, name)
      return 1
    }
    // Refused before the value is read, unless the value could make it another option.
    if !specs.contains(where: { $0.borrowed?.name == name }), !spec.repeats, given[spec.key] != nil {
      throw .givenTwice(command: command, option: name)
    }
    guard let value = rest.dropFirst().first, !value.hasPrefix("--"), !isKnown(value) else {
      throw .missingValue(command: command, option: name, placeholder: spec.placeholder)
    }
    try keep(value, of: spec, name)
    return 2
  }

  private mutating func keep(_ value: String, of named: ParameterSpec, _ name: String) throws(UsageError) {
    let spec = specs.first { $0.borrowed?.name == name && $0.borrowed?.claims(value) == true } ?? named
    if !spec.repeats, given[spec.key] != nil { throw .givenTwice(command: command, option: name) }
    given[spec.key, default: []].append(value)
  }

  private func isKnown(_ word: String) -> Bool { specs.contains { $0.names.contains(word) } }

  /// Splits `--name=value` and `-k5` into name and value.
  private static func split(_ word: String) -> (name: String, value: String?) {
    if word.hasPrefix("--") {
      guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
      return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }
    guard word.count > 2 else { return (word, nil) }
    var value = word.dropFirst(2)
    if value.first == "=" { value = value.dropFirst() }
    return (String(word.prefix(2)), String(value))
  }
}
