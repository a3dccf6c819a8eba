/// A shell script that completes commands, options and values. It is generated from the declarations of the help.
package struct CompletionScript: Sendable {
  package enum Shell: String, Sendable, CaseIterable {
    case bash
    case zsh
    case fish
  }

  let tree: CommandTree

  package init(tree: CommandTree) { self.tree = tree }

  package func text(_ shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// The words that another word must follow, such as `job`.
  var groups: [String] {
    tree.words(after: []).filter { !tree.words(after: [$0]).isEmpty }
  }

  /// The names of options that take a value and may precede the command.
  var globalsWithValue: [String] {
    GlobalOptions.all.filter { $0.form == .option }.flatMap(\.names)
  }
}

extension CommandSpec {
  /// Its own options and those of every command.
  var allOptions: [ParameterSpec] { options + GlobalOptions.all }
}
