/// The scopes that the catalogue knows: one for the jobs of each index.
extension WorkScope {
  private static let prefix = "index:"

  /// Jobs of these sources and of these indexes; empty means all.
  package init(sources: [String] = [], indexes: [String]) {
    self.init(sources: sources, scopes: indexes.map { Self.prefix + $0 })
  }

  /// The indexes that ``scopes`` name. Nil where every job is in scope, those without an index too; no index where the
  /// scopes are of another kind.
  package var indexes: [String]? {
    guard !scopes.isEmpty else { return nil }
    return scopes.compactMap { $0.hasPrefix(Self.prefix) ? String($0.dropFirst(Self.prefix.count)) : nil }
  }

  /// Whether it takes jobs of this index; nil stands for jobs without one.
  package func includes(index: String?) -> Bool {
    guard let indexes else { return true }
    return index.map(indexes.contains) ?? false
  }
}
