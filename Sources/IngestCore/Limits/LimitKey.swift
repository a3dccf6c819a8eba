/// The key that a limit is counted by. Each value of the key has its own bucket or count.
package enum LimitKey: Hashable, Sendable {
  case source, index, workflow, provider, tenant, document
  /// One entry of the document's metadata, such as `meta.team`; documents without it share the bucket of "".
  case meta(String)

  private static let plain: [(name: String, key: LimitKey)] = [
    ("source", .source), ("index", .index), ("workflow", .workflow), ("provider", .provider), ("tenant", .tenant),
    ("document", .document),
  ]

  /// Parses a key.
  /// - Throws: ``PolicyError/correctLimit(_:problem:)``.
  package init(_ text: String) throws(PolicyError) {
    if text.hasPrefix("meta."), text.utf8.count > 5 {
      self = .meta(String(text.dropFirst(5)))
      return
    }
    guard let known = Self.plain.first(where: { $0.name == text }) else {
      let names = Self.plain.map(\.name).joined(separator: ", ")
      let near = nearestName(to: text, among: Self.plain.map(\.name)).map { "; did you mean \($0)?" } ?? ""
      throw .correctLimit(text, problem: "its key must be one of \(names), meta.NAME\(near)")
    }
    self = known.key
  }
}

extension LimitKey: CustomStringConvertible {
  package var description: String {
    if case .meta(let name) = self { return "meta." + name }
    return Self.plain.first { $0.key == self }?.name ?? ""
  }
}

extension LimitKey: Codable {
  package init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
