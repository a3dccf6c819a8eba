import IngestCore

/// A reader of the known keys of mappings. It collects all mistakes.
struct YAMLFields {
  struct Mapping {
    var origin: SettingOrigin
    var what: String
    private var values: [String: YAMLNode]

    fileprivate init(origin: SettingOrigin, what: String, values: [String: YAMLNode]) {
      self.origin = origin
      self.what = what
      self.values = values
    }

    subscript(key: String) -> YAMLNode? { values[key] }
  }

  private(set) var diagnostics: [Diagnostic] = []

  mutating func report(_ origin: SettingOrigin, _ message: String, hint: String = "") {
    diagnostics.append(.init(origin, message, hint: hint))
  }

  /// Returns the node as a mapping, and reports keys other than these. Nil if the node is not a mapping.
  mutating func mapping(_ node: YAMLNode, _ what: String, keys: [String]) -> Mapping? {
    guard case .mapping(let entries) = node.content else {
      report(node.origin, "\(what) must be a mapping, found \(node.kind)", hint: Self.listing(keys))
      return nil
    }
    for entry in entries where !keys.contains(entry.key) {
      let near = nearestName(to: entry.key, among: keys).map { "did you mean \($0)?" }
      report(entry.keyOrigin, "\(what) has no key \"\(entry.key)\"", hint: near ?? Self.listing(keys))
    }
    return .init(
      origin: node.origin, what: what,
      values: Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first })
  }

  mutating func require(_ map: Mapping, _ key: String) -> YAMLNode? {
    if let node = map[key] { return node }
    report(map.origin, "\(map.what) needs the key \(key)")
    return nil
  }

  mutating func required(_ map: Mapping, _ key: String, _ type: SettingType) -> SettingValue? {
    guard map[key] != nil else {
      report(map.origin, "\(map.what) needs the key \(key)", hint: type.expected)
      return nil
    }
    return optional(map, key, type)
  }

  mutating func optional(_ map: Mapping, _ key: String, _ type: SettingType) -> SettingValue? {
    guard let node = map[key] else { return nil }
    do throws(SettingMismatch) {
      return try type.read(node)
    } catch {
      report(node.origin, "\(key): \(error.message)", hint: error.hint)
      return nil
    }
  }

  private static func listing(_ keys: [String]) -> String {
    keys.isEmpty ? "it has no keys" : "use one of \(keys.joined(separator: ", "))"
  }
}
