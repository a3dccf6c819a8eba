extension CompletionScript {
  var zsh: String {
    """
    #compdef ingestd
    # zsh completion for ingestd, made by `ingestd completion zsh`
    _ingestd() {
      local command="" word
      local -i position=2
      while (( position < CURRENT )); do
        word="$words[position]"
        case "$word" in
          \(globalsWithValue.joined(separator: "|"))) (( position += 2 )); continue ;;
        esac
        case "$command $word" in
    \(paths)
        esac
        (( position += 1 ))
      done
      # `_arguments` counts from the command's last word.
      position=2
      while (( position < CURRENT )) && [[ -n $command && $words[position] != ${command##* } ]]; do
        (( position += 1 ))
      done
      case "$command" in
    \(commandCases)
      esac
    }

    if [[ $funcstack[1] == _ingestd ]]; then
      _ingestd "$@"
    else
      compdef _ingestd ingestd
    fi

    """
  }

  private var paths: String {
    var lines: [String] = []
    for word in tree.words(after: []) { lines.append("      \" \(word)\") command=\"\(word)\" ;;") }
    for spec in tree.specs where spec.path.count > 1 {
      lines.append("      \"\(spec.name)\") command=\"\(spec.name)\" ;;")
    }
    return lines.joined(separator: "\n")
  }

  private var commandCases: String {
    var lines: [String] = []
    let first = tree.words(after: []).map { word in
      let summary = tree.groups.first { $0.name == word }?.summary ?? tree.specs.first { $0.name == word }?.summary
      return Self.quoted("\(word):\(summary ?? "")")
    }
    lines.append("    \"\") local -a found=(\(first.joined(separator: " "))); _describe command found ;;")
    for group in groups {
      let members = tree.members(of: group).map { spec in
        Self.quoted("\(spec.path.last ?? ""):\(spec.summary)")
      }
      lines.append(
        "    \"\(group)\") local -a found=(\(members.joined(separator: " "))); _describe command found ;;")
    }
    for spec in tree.specs {
      let options = spec.allOptions.flatMap { option in option.names.map { Self.option(option, $0) } }
      let arguments = spec.arguments.map { argument in
        let place = argument.repeats ? "*:" : (argument.required ? ":" : "::")
        return Self.quoted("\(place)\(argument.placeholder):\(Self.action(argument.completion))")
      }
      lines.append("    \"\(spec.name)\")")
      lines.append("      shift $(( position - 1 )) words; (( CURRENT -= position - 1 ))")
      lines.append(
        "      _arguments -S \\\n        " + (options + arguments).joined(separator: " \\\n        ") + " ;;")
    }
    return lines.joined(separator: "\n")
  }

  private static func option(_ option: ParameterSpec, _ name: String) -> String {
    let summary = option.summary.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    let star = option.repeats && option.form == .option ? "*" : ""
    guard option.form == .option else { return quoted("\(star)\(name)[\(summary)]") }
    let suffix = name.hasPrefix("--") ? "=" : "+"
    return quoted("\(star)\(name)\(suffix)[\(summary)]:\(option.placeholder):\(action(option.completion))")
  }

  private static func action(_ kind: CompletionKind) -> String {
    switch kind {
    case .nothing: " "
    case .file: "_files"
    case .folder: "_files -/"
    case .choices(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
