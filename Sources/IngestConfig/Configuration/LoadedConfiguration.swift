/// A complete, checked configuration, with the origin of each value.
package struct LoadedConfiguration: Sendable {
  package var configuration: Configuration
  /// Every value, in the order of ``ConfigurationKey/all``, as `ingestd config` prints it.
  package var settings: [SettingListing]
  /// The origins by path, such as `worker.lease`. A path that is missing here has its default.
  package var origins: [String: SettingOrigin]
  /// The configuration file, if there is one.
  package var file: String?
}

/// One line of `ingestd config`.
package struct SettingListing: Hashable, Sendable {
  /// The path, such as `embedders.local.model`.
  package var path: String
  /// The value as written in a file, `***` for a secret, nil if unset.
  package var value: String?
  package var origin: SettingOrigin
  /// The environment variable that sets the value. Nil for a secret, which has none.
  package var variable: String?
}
