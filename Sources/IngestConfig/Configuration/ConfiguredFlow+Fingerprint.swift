package import IngestCore
private import IngestDigest

extension ConfiguredFlow {
  /// Creates a value with a hash of its content. The order of the limits and sources does not matter.
  package init(limits: [Limit], sources: [Source]) {
    let lines = limits.map(\.line).sorted() + sources.map(\.line).sorted()
    self.init(
      limits: limits, sources: sources, fingerprint: SHA256.hash(lines.joined(separator: "\n")))
  }
}

extension Limit {
  /// The fields, separated by a character that none of them can contain.
  fileprivate var line: String {
    [
      "limit", id.kind.rawValue, key.description, unit.rawValue, scope.source, scope.index, scope.workflow,
      scope.provider, amount.description,
    ].joined(separator: "\u{1F}")
  }
}

extension ConfiguredFlow.Source {
  fileprivate var line: String {
    ["source", name, weight.map { "\($0)" } ?? "", paused.map { "\($0)" } ?? ""].joined(separator: "\u{1F}")
  }
}
