package import IngestApp
package import IngestCore

/// The arguments and surroundings of a running command.
package struct CommandContext: Sendable {
  package let spec: CommandSpec
  package let arguments: ParsedArguments
  package let console: Console
  package let environment: [String: String]
  package let clock: any TimeSource
  /// All commands, for `completion`.
  package let tree: CommandTree
  /// Opens the data folder. A test may open it in its own way.
  package let compose: Composition

  package init(
    spec: CommandSpec, arguments: ParsedArguments, console: Console, environment: [String: String],
    clock: any TimeSource, tree: CommandTree, compose: @escaping Composition = Installation.open
  ) {
    self.spec = spec
    self.arguments = arguments
    self.console = console
    self.environment = environment
    self.clock = clock
    self.tree = tree
    self.compose = compose
  }

  /// The value of a parameter that the command declares.
  package subscript<Value>(_ parameter: Parameter<Value>) -> Value { arguments[parameter] }
}
