import IngestCore

/// The merged values of all layers. Later layers win; the mistakes of all layers are kept.
struct ConfigurationLayers {
  struct Assignment {
    var key: ConfigurationKey
    /// The name in place of the key's `*`.
    var name: String?
    var value: SettingValue
    var origin: SettingOrigin
  }

  /// By path.
  private(set) var assignments: [String: Assignment] = [:]
  /// The paths that some layer sets, even to a bad value, so that a bad value is not also reported as missing.
  private(set) var given: Set<String> = []
  /// The place of the first use of each chosen name, by `embedders.NAME`, `indexes.NAME` or `sources.NAME`, and the
  /// place where each entry of a list begins, by `limits[0]`.
  private(set) var named: [String: SettingOrigin] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  mutating func report(_ origin: SettingOrigin, _ message: String, hint: String = "") {
    diagnostics.append(.init(origin, message, hint: hint))
  }

  mutating func note(_ mistakes: [Diagnostic]) { diagnostics += mistakes }

  mutating func note(name: String, in group: String, _ origin: SettingOrigin) {
    let path = ConfigurationKey.isList(group) ? "\(group)[\(name)]" : "\(group).\(name)"
    if named[path] == nil { named[path] = origin }
  }

  /// Removes the entries that an earlier layer put into a list. Its mistakes are kept.
  mutating func drop(list: String) {
    let prefix = list + "["
    assignments = assignments.filter { !$0.key.hasPrefix(prefix) }
    given = given.filter { !$0.hasPrefix(prefix) }
    named = named.filter { !$0.key.hasPrefix(prefix) }
  }

  mutating func set(
    _ key: ConfigurationKey, named name: String?, _ origin: SettingOrigin,
    _ read: (SettingType) throws(SettingMismatch) -> SettingValue
  ) {
    let path = key.path(named: name)
    given.insert(path)
    if let name, let group = key.group { note(name: name, in: group, origin) }
    do throws(SettingMismatch) {
      assignments[path] = .init(key: key, name: name, value: try read(key.type), origin: origin)
    } catch {
      report(origin, "\(path): \(error.message)", hint: error.hint)
    }
  }

  /// Returns the chosen names of a group, sorted, or the positions of a list's entries.
  func names(in group: String) -> [String] {
    if ConfigurationKey.isList(group) {
      return (0..<named.keys.count { $0.hasPrefix(group + "[") }).map { "\($0)" }
    }
    let prefix = group + "."
    return named.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }

  /// The configuration from all valid values.
  var configuration: Configuration {
    var result = Configuration()
    for name in names(in: "embedders") { result.embedders[name] = Configuration.freshEmbedder(name) }
    for name in names(in: "indexes") { result.indexes[name] = .init() }
    for name in names(in: "sources") { result.sources[name] = .init() }
    for name in names(in: "schedules") { result.schedules[name] = .init() }
    result.limitFields = names(in: "limits").map { _ in .init() }
    for assignment in assignments.values {
      assignment.key.accessor(assignment.name ?? "").set(&result, assignment.value)
    }
    return result
  }

  func origin(_ path: String) -> SettingOrigin { assignments[path]?.origin ?? .builtIn }
}

extension ConfigurationKey {
  /// The group of a key with a chosen name or of a list's entry: `embedders`, `indexes`, `sources`, `schedules` or
  /// `limits`.
  var group: String? {
    guard let star = path.firstIndex(of: "*") else { return nil }
    return String(path[..<star].dropLast())
  }

  /// The part of the path after the chosen name.
  var field: String { group.map { String(path.dropFirst($0.count + (isListed ? 4 : 3))) } ?? path }

  static func isList(_ group: String) -> Bool { all.contains { $0.isListed && $0.group == group } }

  /// Returns the type of a group's chosen names.
  static func nameType(_ group: String) -> SettingType {
    group == "sources" ? .label(maximum: NameRule.longestSource) : .name
  }

  /// Returns whether the name is valid for an entry of the group.
  static func isName(_ name: String, in group: String) -> Bool {
    group == "sources" ? NameRule.isSound(name, longest: NameRule.longestSource) : SettingType.isName(name)
  }

  /// Returns the key of a path with a chosen name in place of `*`, and that name.
  static func find(_ path: String) -> (key: ConfigurationKey, name: String?)? {
    for key in all where !key.isListed {
      guard let group = key.group else {
        if key.path == path { return (key, nil) }
        continue
      }
      guard path.hasPrefix(group + "."), path.hasSuffix("." + key.field) else { continue }
      let name = path.dropFirst(group.count + 1).dropLast(key.field.count + 1)
      if isName(String(name), in: group) { return (key, String(name)) }
    }
    return nil
  }
}

extension ConfigurationKey {
  /// The groups that are lists.
  static var lists: [String] {
    var lists: [String] = []
    for key in all where key.isListed {
      if let group = key.group, !lists.contains(group) { lists.append(group) }
    }
    return lists
  }
}
