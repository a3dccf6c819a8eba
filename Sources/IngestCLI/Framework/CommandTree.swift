/// All commands, found by the words that name them.
package struct CommandTree: Sendable {
  /// The group or command that a path of words names.
  package enum Node: Sendable {
    case root
    case group(CommandGroup)
    case command(any Command.Type)
  }

  package let groups: [CommandGroup]
  package let commands: [any Command.Type]

  package init(groups: [CommandGroup], commands: [any Command.Type]) {
    self.groups = groups
    self.commands = commands
  }

  /// Returns the tree with another command before `next`.
  package func adding(_ command: any Command.Type, before next: any Command.Type) -> CommandTree {
    var commands = commands
    commands.insert(command, at: commands.firstIndex { $0 == next } ?? commands.endIndex)
    return CommandTree(groups: groups, commands: commands)
  }

  package var specs: [CommandSpec] { commands.map { $0.spec } }

  /// Returns the commands of a group, in the order of their declaration.
  package func members(of group: String) -> [CommandSpec] {
    specs.filter { $0.path.count > 1 && $0.path.first == group }
  }

  /// Returns the words that may follow `path`.
  package func words(after path: [String]) -> [String] {
    var words: [String] = []
    for spec in specs where spec.path.starts(with: path) && spec.path.count > path.count {
      let word = spec.path[path.count]
      if !words.contains(word) { words.append(word) }
    }
    return words
  }

  /// Returns the group or command that `path` names, if any.
  package func node(_ path: [String]) -> Node? {
    if path.isEmpty { return .root }
    if let command = commands.first(where: { $0.spec.path == path }) { return .command(command) }
    guard path.count == 1, let word = path.first, !members(of: word).isEmpty else { return nil }
    return .group(groups.first { $0.name == word } ?? CommandGroup(word, ""))
  }
}

/// A word that precedes other commands: `job` in `job list`.
package struct CommandGroup: Sendable, Hashable {
  package var name: String
  package var summary: String

  package init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}
