/// What a file may cost at most; the defaults are far above any honest one.
package struct YAMLLimits: Hashable, Sendable {
  package var bytes = 1 << 20
  /// Mappings and lists within each other.
  package var depth = 32
  /// Values in all, those that aliases repeat included: so a few lines of aliases cannot grow into gigabytes.
  package var nodes = 20_000

  package init() {}
}
