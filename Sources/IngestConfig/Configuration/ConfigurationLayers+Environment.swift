private import IngestCore

extension ConfigurationLayers {
  /// Reads the variables that begin with `INGESTD_`. Call it after the file was read, so that it recognises the file's
  /// names.
  ///
  /// - Parameter others: variables with that beginning that are not configuration keys.
  mutating func read(environment: [String: String], others: Set<String>) {
    var unknown: [String] = []
    for variable in environment.keys.sorted() where variable.hasPrefix("INGESTD_") && !others.contains(variable) {
      guard let text = environment[variable] else { continue }
      if let list = ConfigurationKey.lists.first(where: { ConfigurationKey.variable($0) == variable }) {
        read(list: list, text, .environment(variable))
      } else if let (key, name) = find(variable: variable) {
        set(key, named: name, .environment(variable)) { type throws(SettingMismatch) in try type.read(untyped: text) }
      } else {
        unknown.append(variable)
      }
    }
    // Only now the configuration is complete, and with it the list of variables that hold a secret key.
    let holders = Set(assignments.values.filter { $0.key.field == "api-key-env" }.compactMap(\.value.text))
    for variable in unknown where !holders.contains(variable) { refuse(variable, others) }
  }

  /// Reads the values that the command line sets, by path. Flags win over everything.
  mutating func read(flags: [String: String]) {
    for (path, text) in flags.sorted(by: { $0.key < $1.key }) {
      if let (key, name) = ConfigurationKey.find(path) {
        set(key, named: name, .flag(path)) { type throws(SettingMismatch) in try type.read(untyped: text) }
      } else {
        let near = nearestName(to: path, among: ConfigurationKey.all.map(\.path)).map { "did you mean \($0)?" }
        report(.flag(path), "there is no such key", hint: near ?? "see docs/configuration.md for all keys")
      }
    }
  }

  /// Returns the key that a variable sets. The chosen name is an existing name if one fits; otherwise it is the
  /// variable's part in lower case, with dashes for underscores.
  private func find(variable: String) -> (key: ConfigurationKey, name: String?)? {
    for key in ConfigurationKey.all where !key.isNamed && key.variable() == variable { return (key, nil) }
    // Tries the longest field first: `…_CHUNKER_TARGET` is not the field `target` of a name that ends in `-chunker`.
    let named = ConfigurationKey.all.filter { $0.isNamed && !$0.isListed }.sorted {
      ($0.field.count, $0.path) > ($1.field.count, $1.path)
    }
    for key in named {
      guard let group = key.group else { continue }
      for name in names(in: group) where key.variable(named: name) == variable { return (key, name) }
    }
    for key in named {
      guard let group = key.group else { continue }
      let prefix = ConfigurationKey.variable(group) + "_"
      let suffix = "_" + ConfigurationKey.variable(key.field).dropFirst("INGESTD_".count)
      guard variable.hasPrefix(prefix), variable.hasSuffix(suffix), variable.count > prefix.count + suffix.count else {
        continue
      }
      let name = variable.dropFirst(prefix.count).dropLast(suffix.count).lowercased().replacing("_", with: "-")
      if ConfigurationKey.isName(name, in: group) { return (key, name) }
    }
    return nil
  }

  private mutating func refuse(_ variable: String, _ others: Set<String>) {
    if variable.hasPrefix("INGESTD_EMBEDDERS_"), variable.hasSuffix("_API_KEY") {
      report(
        .environment(variable), "no embedder reads its key from this variable",
        hint: "set \(variable)_ENV=\(variable), or api-key-env in the file")
      return
    }
    let known = ConfigurationKey.all.filter { !$0.isNamed || $0.isListed }.map { $0.variable() } + others
    let groups = ConfigurationKey.all.filter { !$0.isListed }.compactMap(\.group)
    var named: [String] = []
    for group in Set(groups) {
      for name in names(in: group) {
        named += ConfigurationKey.all.filter { $0.group == group }.map { $0.variable(named: name) }
      }
    }
    let near = nearestName(to: variable, among: known + named).map { "did you mean \($0)?" }
    report(
      .environment(variable), "no configuration key has this variable",
      hint: near ?? "unset it, or see docs/configuration.md")
  }
}
