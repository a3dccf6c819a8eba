private import IngestCore

extension ConfigurationLayers {
  /// Reads the file. Relative paths in it start at its own folder.
  mutating func read(_ bytes: [UInt8], file: String) {
    var found: [Diagnostic] = []
    let root = YAMLReader.read(bytes, file: file, diagnostics: &found)
    note(found)
    if let root { group(root, path: "", pattern: "", name: nil, file: file) }
  }

  private mutating func group(_ node: YAMLNode, path: String, pattern: String, name: String?, file: String) {
    // `worker:` with nothing under it sets nothing.
    if case .scalar(let scalar) = node.content, scalar.value == .null { return }
    guard case .mapping(let entries) = node.content else {
      let what = path.isEmpty ? "the configuration" : path
      report(node.origin, "\(what) must be a mapping, found \(node.kind)", hint: Self.children(pattern))
      return
    }
    for entry in entries { self.entry(entry, path: path, pattern: pattern, name: name, file: file) }
  }

  private mutating func entry(_ entry: YAMLEntry, path: String, pattern: String, name: String?, file: String) {
    let path = Self.joined(path, entry.key)
    let exact = Self.joined(pattern, entry.key)
    if let key = ConfigurationKey.all.first(where: { $0.path == exact }) {
      let value = entry.value
      set(key, named: name, value.origin) { type throws(SettingMismatch) in
        Self.resolved(try type.read(value), type, file: file)
      }
    } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(exact + ".") }) {
      group(entry.value, path: path, pattern: exact, name: name, file: file)
    } else if ConfigurationKey.isList(exact) {
      list(entry.value, path: path, file: file)
    } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(pattern + ".*.") }) {
      named(entry, path: path, pattern: pattern, file: file)
    } else {
      unknown(entry, path: path, pattern: pattern)
    }
  }

  /// Reads a whole list from one variable. It replaces the list of earlier layers.
  mutating func read(list: String, _ text: String, _ origin: SettingOrigin) {
    drop(list: list)
    var found: [Diagnostic] = []
    let root = YAMLReader.read(Array(text.utf8), file: "", diagnostics: &found)
    note(found.map { Diagnostic(origin, $0.message, hint: $0.hint) })
    if let root { self.list(root.placed(at: origin), path: list, file: "") }
  }

  private mutating func list(_ node: YAMLNode, path: String, file: String) {
    if case .scalar(let scalar) = node.content, scalar.value == .null { return }
    guard case .sequence(let items) = node.content else {
      let first = Self.childNames("\(path)[*]").first ?? ""
      report(node.origin, "\(path) must be a list, found \(node.kind)", hint: "begin each entry with `- \(first):`")
      return
    }
    guard items.count <= Self.longestList else {
      report(node.origin, "\(path) has \(items.count) entries", hint: "at most \(Self.longestList) are read")
      return
    }
    for (place, item) in items.enumerated() {
      note(name: "\(place)", in: path, item.origin)
      group(item, path: "\(path)[\(place)]", pattern: "\(path)[*]", name: "\(place)", file: file)
    }
  }

  private static let longestList = 1000

  private mutating func named(_ entry: YAMLEntry, path: String, pattern: String, file: String) {
    guard ConfigurationKey.isName(entry.key, in: pattern) else {
      report(
        entry.keyOrigin, "\"\(entry.key)\" is not a valid name in \(pattern)",
        hint: ConfigurationKey.nameType(pattern).expected)
      return
    }
    note(name: entry.key, in: pattern, entry.keyOrigin)
    group(entry.value, path: path, pattern: pattern + ".*", name: entry.key, file: file)
  }

  private mutating func unknown(_ entry: YAMLEntry, path: String, pattern: String) {
    if pattern == "embedders.*", entry.key.lowercased().contains("key") || entry.key.contains("token") {
      report(
        entry.keyOrigin, "\(path) would put a secret into this file",
        hint: "name its variable in api-key-env, or its file in api-key-file")
      return
    }
    if let hint = Self.misplaced(entry.key, pattern) {
      report(entry.keyOrigin, "there is no key \"\(path)\"", hint: hint)
      return
    }
    let siblings = Self.childNames(pattern)
    let elsewhere = ConfigurationKey.all.map(\.path).filter { !$0.contains("*") && $0.hasSuffix(".\(entry.key)") }
    let hint: String
    if let near = nearestName(to: entry.key, among: siblings) {
      hint = "did you mean \(near)?"
    } else if let other = elsewhere.first {
      hint = "did you mean \(other)?"
    } else {
      hint = Self.children(pattern)
    }
    report(entry.keyOrigin, "there is no key \"\(path)\"", hint: hint)
  }

  /// Returns a hint for a key of limits that is in the wrong place.
  private static func misplaced(_ key: String, _ pattern: String) -> String? {
    switch (pattern, key) {
    case ("limits[*]", "burst"): "write it after the rate: throttle: 60/m burst 10"
    case ("limits[*]", "weight"), ("limits[*]", "paused"): "it belongs to a source: sources: {NAME: {\(key): …}}"
    case ("sources.*", "per"), ("sources.*", "counts"): "put a limit with per or counts under limits"
    default: nil
    }
  }

  private static func children(_ pattern: String) -> String {
    let names = childNames(pattern)
    return names.contains("*") ? "it maps names to settings" : "use one of \(names.joined(separator: ", "))"
  }

  /// Returns the keys directly under a path, in the order of the table.
  private static func childNames(_ pattern: String) -> [String] {
    let prefix = pattern.isEmpty ? "" : pattern + "."
    var names: [String] = []
    for key in ConfigurationKey.all where key.path.hasPrefix(prefix) {
      let name = String(key.path.dropFirst(prefix.count).prefix { $0 != "." && $0 != "[" })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private static func resolved(_ value: SettingValue, _ type: SettingType, file: String) -> SettingValue {
    guard type == .path, case .text(let path) = value, !path.hasPrefix("/"),
      let slash = file.lastIndex(of: "/")
    else { return value }
    return .text(file[...slash] + path)
  }
}
