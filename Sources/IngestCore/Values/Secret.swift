/// A password or key. It prints as `***` wherever it is printed, and has no coding, so that it is never stored.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  package init(_ value: String) { self.value = value }

  /// The bare value, for the one place that sends it.
  package func reveal() -> String { value }

  package var description: String { "***" }
  package var debugDescription: String { "***" }
  // `dump` and failed test expectations look inside otherwise.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret is kept: never in the configuration itself.
package enum SecretSource: Hashable, Sendable {
  /// In this environment variable.
  case environment(String)
  /// In this file, without the white space around it.
  case file(String)
}
