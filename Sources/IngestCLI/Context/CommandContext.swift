package import IngestCore

/// All that a command is given.
package struct CommandContext: Sendable {
  package let spec: CommandSpec
  package let arguments: ParsedArguments
  package let console: Console
  package let environment: [String: String]
  package let clock: any TimeSource
  /// All commands, for `completion`.
  package let tree: CommandTree
  package let interceptors: Interceptors

  package init(
    spec: CommandSpec, arguments: ParsedArguments, console: Console, environment: [String: String],
    clock: any TimeSource, tree: CommandTree, interceptors: Interceptors = Interceptors()
  ) {
    self.spec = spec
    self.arguments = arguments
    self.console = console
    self.environment = environment
    self.clock = clock
    self.tree = tree
    self.interceptors = interceptors
  }

  /// The value of a parameter that the command declares.
  package subscript<Value>(_ parameter: Parameter<Value>) -> Value { arguments[parameter] }

  /// The absolute path of the data folder, which is there when this returns: made if the command may make it, and then
  /// told on standard error.
  /// - Throws: ``DataFolderError``.
  package func dataFolder() throws -> String {
    let folder = DataFolder(option: self[GlobalOptions.data], environment: environment)
    switch spec.data {
    case .none, .existing:
      return try folder.existing()
    case .created:
      let (path, isNew) = try folder.existingOrMade()
      if isNew { console.note("made the data folder \(path.visible)") }
      return path
    }
  }

  /// `--config`, else `$INGESTD_CONFIG`; nil means `ingestd.yaml` in the data folder, where it is there.
  package var configurationFile: String? {
    self[GlobalOptions.config] ?? environment["INGESTD_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
  }
}
