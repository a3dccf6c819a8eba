/// The limits of a YAML file. The defaults are far above the needs of any real file.
package struct YAMLLimits: Hashable, Sendable {
  package var bytes = 1 << 20
  /// The most nested mappings and lists.
  package var depth = 32
  /// The most values in total. Aliases count all values that they repeat, so a few lines of aliases cannot grow into
  /// gigabytes.
  package var nodes = 20_000

  package init() {}
}
