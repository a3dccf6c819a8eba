/// Faults that a test injects on purpose between this program and SQLite. Only tests and simulations set them.
package struct DatabaseFaults: Sendable {
  /// The name of a registered VFS that all connections use; nil is the system's default.
  package var vfs: String?
  /// Changes a statement's text before SQLite sees it. This is how a test injects a bug that a checker has to find. The
  /// new text must have the same parameters. Called once for each statement that a connection prepares, with its name
  /// if it has one.
  package var statement: (@Sendable (_ name: String?, _ text: String) -> String)?
  /// Called after each COMMIT. If it returns true, all members of the group get ``SQLError/outcomeUnknown(_:)``,
  /// although their changes are durable.
  package var hidesCommit: (@Sendable () -> Bool)?

  package init() {}
}
