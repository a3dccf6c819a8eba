private import IngestCore

extension ConfigurationLayers {
  func loaded(file: String?, environment: [String: String]) -> LoadedConfiguration {
    let configuration = configuration
    var settings: [SettingListing] = []
    for key in ConfigurationKey.all {
      guard let group = key.group else {
        settings.append(listing(key, nil, configuration))
        continue
      }
      // Lists all keys of one name together, not all names of one key.
      guard key.path == ConfigurationKey.all.first(where: { $0.group == group })?.path else { continue }
      for name in names(in: group) {
        let listings = ConfigurationKey.all.filter { $0.group == group }.map { listing($0, name, configuration) }
        // Lists only the keys that an entry of a list sets; all the others would hide these.
        settings += ConfigurationKey.isList(group) ? listings.filter { $0.value != nil } : listings
        if group == "embedders", let secret = secret(name, configuration, environment) { settings.append(secret) }
      }
    }
    return LoadedConfiguration(
      configuration: configuration, settings: settings, origins: assignments.mapValues(\.origin), file: file)
  }

  private func listing(_ key: ConfigurationKey, _ name: String?, _ configuration: Configuration) -> SettingListing {
    let path = key.path(named: name)
    return SettingListing(
      path: path, value: key.accessor(name ?? "").get(configuration)?.description, origin: origin(path),
      variable: key.variable(named: name))
  }

  /// Returns a line that says whether the secret key exists, and never the key itself.
  private func secret(
    _ name: String, _ configuration: Configuration, _ environment: [String: String]
  ) -> SettingListing? {
    let path = "embedders.\(name).api-key"
    switch configuration.embedders[name]?.apiKey {
    case .environment(let variable):
      let isSet = environment[variable]?.isEmpty == false
      return .init(path: path, value: isSet ? "***" : nil, origin: .environment(variable), variable: nil)
    case .file(let file):
      return .init(path: path, value: "***", origin: .file(file, line: 1, column: 1), variable: nil)
    case nil:
      return nil
    }
  }
}
