/// The scopes that the catalogue defines: one for the jobs of each index.
extension WorkScope {
  private static let prefix = "index:"

  /// Selects the jobs of these sources and these indexes; an empty list means all.
  package init(sources: [String] = [], indexes: [String]) {
    self.init(sources: sources, scopes: indexes.map { Self.prefix + $0 })
  }

  /// The indexes that ``scopes`` name. Nil if every job is in scope, even jobs without an index; empty if the
  /// scopes are of another kind.
  package var indexes: [String]? {
    guard !scopes.isEmpty else { return nil }
    return scopes.compactMap { $0.hasPrefix(Self.prefix) ? String($0.dropFirst(Self.prefix.count)) : nil }
  }

  /// Returns whether jobs of this index are in scope; nil stands for jobs without an index.
  package func includes(index: String?) -> Bool {
    guard let indexes else { return true }
    return index.map(indexes.contains) ?? false
  }
}
