package import IngestCore

/// One key of the configuration: its path in a file, its type and its description.
///
/// Decoding, the names of environment variables, `ingestd config` and the reference page all use ``all``.
package struct ConfigurationKey: Sendable {
  /// The path, with dots between the levels. `*` stands for a name that the user chooses, `[*]` for a position in a
  /// list.
  package let path: String
  package let type: SettingType
  /// Whether each named entry must have the key.
  package let isRequired: Bool
  /// The description on the reference page.
  package let summary: String

  /// Returns the accessor for the chosen name, or for the position in the list from 0. A key without `*` ignores
  /// `name`.
  let accessor: @Sendable (_ name: String) -> SettingAccessor<Configuration>

  init(
    _ path: String, _ type: SettingType, _ accessor: SettingAccessor<Configuration>, _ summary: String
  ) {
    self.path = path
    self.type = type
    self.isRequired = false
    self.summary = summary
    self.accessor = { _ in accessor }
  }

  /// Creates a key for a field of a group whose entries have names that the user chooses.
  init(
    group: String, _ field: String, _ type: SettingType, _ summary: String,
    accessor: @escaping @Sendable (_ name: String) -> SettingAccessor<Configuration>
  ) {
    self.path = "\(group).*.\(field)"
    self.type = type
    self.isRequired = false
    self.summary = summary
    self.accessor = accessor
  }

  init(
    embedder field: String, _ type: SettingType, isRequired: Bool = false,
    _ accessor: SettingAccessor<EmbedderSettings>,
    _ summary: String
  ) {
    self.path = "embedders.*.\(field)"
    self.type = type
    self.isRequired = isRequired
    self.summary = summary
    self.accessor = { name in
      let fresh = Configuration.freshEmbedder(name)
      return .init(
        get: { accessor.get($0.embedders[name] ?? fresh) },
        set: { accessor.set(&$0.embedders[name, default: fresh], $1) })
    }
  }

  init(index field: String, _ type: SettingType, _ accessor: SettingAccessor<Configuration.Index>, _ summary: String) {
    self.path = "indexes.*.\(field)"
    self.type = type
    self.isRequired = false
    self.summary = summary
    self.accessor = { name in
      .init(
        get: { accessor.get($0.indexes[name] ?? .init()) },
        set: { accessor.set(&$0.indexes[name, default: .init()], $1) })
    }
  }

  init(source field: String, _ type: SettingType, _ accessor: SettingAccessor<Configuration.Source>, _ summary: String)
  {
    self.path = "sources.*.\(field)"
    self.type = type
    self.isRequired = false
    self.summary = summary
    self.accessor = { name in
      .init(
        get: { accessor.get($0.sources[name] ?? .init()) },
        set: { accessor.set(&$0.sources[name, default: .init()], $1) })
    }
  }

  init(
    limit field: String, _ type: SettingType, _ accessor: SettingAccessor<Configuration.LimitFields>, _ summary: String
  ) {
    self.path = "limits[*].\(field)"
    self.type = type
    self.isRequired = false
    self.summary = summary
    self.accessor = { place in
      let place = Int(place)
      return .init(
        get: { configuration in
          let isThere = place.map { configuration.limitFields.indices.contains($0) } ?? false
          return accessor.get(isThere ? configuration.limitFields[place ?? 0] : .init())
        },
        set: { configuration, value in
          guard let place, configuration.limitFields.indices.contains(place) else { return }
          accessor.set(&configuration.limitFields[place], value)
        })
    }
  }
}

extension ConfigurationKey {
  /// Whether the path contains a name that the user chooses.
  package var isNamed: Bool { path.contains("*") }

  /// Whether the key belongs to the entries of a list.
  package var isListed: Bool { path.contains("[*]") }

  /// The default value. Nil if there is none: the key is then unset, or required.
  package var fallback: SettingValue? { isRequired ? nil : accessor("*").get(Configuration()) }

  /// Returns the path with the name in place of `*`.
  package func path(named name: String?) -> String {
    name.map { path.replacing("*", with: $0) } ?? path
  }

  /// Returns the environment variable of the key: `INGESTD_WORKER_SHUTDOWN_GRACE` for `worker.shutdown-grace`. A chosen
  /// name is in capitals, with underscores for dashes. A list has one variable, which holds the whole list as YAML.
  package func variable(named name: String? = nil) -> String {
    isListed ? Self.variable(group ?? "") : Self.variable(path(named: name))
  }

  static func variable(_ path: String) -> String {
    "INGESTD_" + path.uppercased().replacing(".", with: "_").replacing("-", with: "_")
  }
}

extension Configuration {
  /// Returns an embedder with this name and defaults for all else.
  static func freshEmbedder(_ name: String) -> EmbedderSettings {
    EmbedderSettings(name: name, provider: "openai", model: "", dimensions: 0)
  }
}
