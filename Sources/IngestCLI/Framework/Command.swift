/// A command: its declaration (name, options, help) and its action. ``CommandTree/standard`` lists all commands.
package protocol Command: Sendable {
  static var spec: CommandSpec { get }

  /// Runs the command. For an exit status other than 0 it throws a ``Failure`` or an error that converts to one. A run that
  /// has reported its own results and still failed, such as a submit with refused files, throws ``ExitStatus``.
  static func run(_ context: CommandContext) async throws
}

/// An error that ends a command with this exit status and no message: the printed results say why.
package struct ExitStatus: Error, Hashable, Sendable {
  package var code: Int32

  package init(_ code: Int32) { self.code = code }

  package static let failed = ExitStatus(1)
}
