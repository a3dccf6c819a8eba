/// A command: its declaration (name, options, help) and what it does. All of them are listed in ``CommandTree/standard``.
package protocol Command: Sendable {
  static var spec: CommandSpec { get }

  /// Does it. Throw a ``Failure`` (or what converts to one) for an exit status other than 0; for a run that has told
  /// its own results and still failed, such as a submit with refused files, throw ``ExitStatus``.
  static func run(_ context: CommandContext) async throws
}

/// Ends a command with this status and no further word: the results that were printed say why.
package struct ExitStatus: Error, Hashable, Sendable {
  package var code: Int32

  package init(_ code: Int32) { self.code = code }

  package static let failed = ExitStatus(1)
  package static let later = ExitStatus(75)
}
