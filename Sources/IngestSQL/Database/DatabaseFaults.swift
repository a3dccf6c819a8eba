/// What a test breaks on purpose, at the one door to SQLite. Nothing but tests and simulations sets any of it.
package struct DatabaseFaults: Sendable {
  /// The name of a registered VFS that all connections use; nil is the system's own.
  package var vfs: String?
  /// Changes a statement's text before SQLite sees it: how a bug is injected that an oracle has to find. It must take the
  /// same parameters. Called once for each statement that a connection prepares, with its name if it has one.
  package var statement: (@Sendable (_ name: String?, _ text: String) -> String)?
  /// Asked after each COMMIT. Where it says true, all members of the group are told ``SQLError/outcomeUnknown(_:)``, though
  /// what they did is durable.
  package var hidesCommit: (@Sendable () -> Bool)?

  package init() {}
}
