extension CompletionScript {
  var bash: String {
    """
    # bash completion for ingestd, made by `ingestd completion bash`
    _ingestd_values() {
      case "$1" in
        files) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null ;;
        folders) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$2" -- "$current") ;;
      esac
    }

    _ingestd() {
      local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path="" word i
      COMPREPLY=()
      if [[ $current == "=" ]]; then
        current=""
      elif [[ $previous == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD-2]}"
      fi
      for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        case "$word" in
          \(globalsWithValue.joined(separator: "|"))) ((i++)); continue ;;
        esac
        case "$path $word" in
    \(paths)
        esac
      done
      case "$path:$previous" in
    \(valueCases)
      esac
      if [[ $current == -* ]]; then
        case "$path" in
    \(optionCases)
        esac
        return 0
      fi
      case "$path" in
    \(wordCases)
      esac
      return 0
    }

    complete -F _ingestd ingestd

    """
  }

  private var paths: String {
    var lines: [String] = []
    for word in tree.words(after: []) {
      lines.append("      \" \(word)\") path=\"\(word)\" ;;")
    }
    for spec in tree.specs where spec.path.count > 1 {
      lines.append("      \"\(spec.name)\") path=\"\(spec.name)\" ;;")
    }
    return lines.joined(separator: "\n")
  }

  private var valueCases: String {
    var lines: [String] = []
    for option in GlobalOptions.all where option.form == .option {
      let patterns = option.names.map { "*:\($0)" }.joined(separator: "|")
      lines.append("    \(patterns)) \(Self.values(option.completion)); return 0 ;;")
    }
    for spec in tree.specs {
      for option in spec.options where option.form == .option {
        let patterns = option.names.map { "\"\(spec.name):\($0)\"" }.joined(separator: "|")
        lines.append("    \(patterns)) \(Self.values(option.completion)); return 0 ;;")
      }
    }
    return lines.joined(separator: "\n")
  }

  private var optionCases: String {
    var lines = tree.specs.map { spec in
      "      \"\(spec.name)\") _ingestd_values words \"\(spec.allOptions.flatMap(\.names).joined(separator: " "))\" ;;"
    }
    let globals = (GlobalOptions.all.flatMap(\.names) + ["--version"]).joined(separator: " ")
    lines.append("      *) _ingestd_values words \"\(globals)\" ;;")
    return lines.joined(separator: "\n")
  }

  private var wordCases: String {
    var lines = ["    \"\") _ingestd_values words \"\(tree.words(after: []).joined(separator: " "))\" ;;"]
    for group in groups {
      lines.append(
        "    \"\(group)\") _ingestd_values words \"\(tree.words(after: [group]).joined(separator: " "))\" ;;")
    }
    for spec in tree.specs {
      guard let argument = spec.arguments.first, argument.completion != .nothing else { continue }
      lines.append("    \"\(spec.name)\") \(Self.values(argument.completion)) ;;")
    }
    return lines.joined(separator: "\n")
  }

  private static func values(_ kind: CompletionKind) -> String {
    switch kind {
    case .nothing: ":"
    case .file: "_ingestd_values files"
    case .folder: "_ingestd_values folders"
    case .choices(let words): "_ingestd_values words \"\(words.joined(separator: " "))\""
    }
  }
}
