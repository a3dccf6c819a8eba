/// A password or key. It always prints as `***`, and it is not codable, so that it is never stored.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  package init(_ value: String) { self.value = value }

  /// Returns the bare value, for the one place that sends it.
  package func reveal() -> String { value }

  package var description: String { "***" }
  package var debugDescription: String { "***" }
  // Without this, `dump` and failed test expectations would print the value.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The place of a secret, which is never the configuration itself.
package enum SecretSource: Hashable, Sendable {
  /// In this environment variable.
  case environment(String)
  /// In this file, without the white space around it.
  case file(String)
}
