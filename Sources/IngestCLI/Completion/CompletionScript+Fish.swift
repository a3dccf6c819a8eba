extension CompletionScript {
  var fish: String {
    var lines = [
      "# fish completion for ingestd, made by `ingestd completion fish`",
      "function __ingestd_command",
      "  set -l command",
      "  set -l skip 0",
      "  for word in (commandline -opc)[2..]",
      "    if test $skip = 1",
      "      set skip 0",
      "      continue",
      "    end",
      "    switch \"$command $word\"",
    ]
    for global in globalsWithValue { lines += ["      case '* \(global)'", "        set skip 1"] }
    for word in tree.words(after: []) { lines += ["      case ' \(word)'", "        set command '\(word)'"] }
    for spec in tree.specs where spec.path.count > 1 {
      lines += ["      case '\(spec.name)'", "        set command '\(spec.name)'"]
    }
    lines += ["    end", "  end", "  echo \"$command\"", "end", ""]
    lines += ["function __ingestd_at", "  test (__ingestd_command) = \"$argv[1]\"", "end", ""]
    lines.append("complete -c ingestd -f")
    for word in tree.words(after: []) {
      let summary = tree.groups.first { $0.name == word }?.summary ?? tree.specs.first { $0.name == word }?.summary
      lines.append(
        "complete -c ingestd -n '__ingestd_at \"\"' -a \(word) -d \(Self.quoted(summary ?? ""))")
    }
    for group in groups {
      for spec in tree.members(of: group) {
        lines.append(
          "complete -c ingestd -n '__ingestd_at \"\(group)\"' -a \(spec.path.last ?? "") -d \(Self.quoted(spec.summary))"
        )
      }
    }
    for option in GlobalOptions.all { lines.append("complete -c ingestd" + Self.option(option)) }
    lines.append("complete -c ingestd -n '__ingestd_at \"\"' -l version -d 'Print the version'")
    for spec in tree.specs {
      let condition = "complete -c ingestd -n '__ingestd_at \"\(spec.name)\"'"
      for option in spec.options { lines.append(condition + Self.option(option)) }
      switch spec.arguments.first?.completion {
      case .file: lines.append(condition + " -F")
      case .folder: lines.append(condition + " -a '(__fish_complete_directories)'")
      case .choices(let words): lines.append(condition + " -a '\(words.joined(separator: " "))'")
      case .nothing, nil: break
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func option(_ option: ParameterSpec) -> String {
    var text = ""
    for name in option.names {
      text += name.hasPrefix("--") ? " -l \(name.dropFirst(2))" : " -s \(name.dropFirst(1))"
    }
    if option.form == .option {
      switch option.completion {
      case .nothing: text += " -x"
      case .file: text += " -r -F"
      case .folder: text += " -x -a '(__fish_complete_directories)'"
      case .choices(let words): text += " -x -a '\(words.joined(separator: " "))'"
      }
    }
    return text + " -d \(quoted(option.summary))"
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
