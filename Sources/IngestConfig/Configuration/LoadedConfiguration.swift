/// A configuration that was checked whole, and where each value came from.
package struct LoadedConfiguration: Sendable {
  package var configuration: Configuration
  /// Every value in force, in the order of ``ConfigurationKey/all``: what `ingestd config` prints.
  package var settings: [SettingListing]
  /// By path, such as `worker.lease`; a path that is not here has its default.
  package var origins: [String: SettingOrigin]
  /// The file that was read, if there was one.
  package var file: String?
}

/// One line of `ingestd config`.
package struct SettingListing: Hashable, Sendable {
  /// Such as `embedders.local.model`.
  package var path: String
  /// As a file would say it; `***` for a secret; nil where unset.
  package var value: String?
  package var origin: SettingOrigin
  /// The environment variable that would set it; nil for a secret, which has none.
  package var variable: String?
}
