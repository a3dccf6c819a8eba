package import IngestCore

/// One key of the configuration: what a file calls it, what it may be, and what it is for.
///
/// Decoding, the names of environment variables, `ingestd config` and the reference page all come from ``all``.
package struct ConfigurationKey: Sendable {
  /// With dots between the levels; `*` stands for a name that the user chooses, `[*]` for a place in a list.
  package let path: String
  package let type: SettingType
  /// Whether each named entry must have it.
  package let isRequired: Bool
  /// What it is for, as the reference page says it.
  package let summary: String

  /// By the chosen name or the place in the list, from 0; a key without `*` ignores it.
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

  /// A field of a group whose entries have names that the user chooses.
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
  /// Whether the path holds a name that the user chooses.
  package var isNamed: Bool { path.contains("*") }

  /// Whether it is one of the keys that each entry of a list has.
  package var isListed: Bool { path.contains("[*]") }

  /// The value where nobody says anything; nil for one that is then unset or must be said.
  package var fallback: SettingValue? { isRequired ? nil : accessor("*").get(Configuration()) }

  /// The path with the name put in.
  package func path(named name: String?) -> String {
    name.map { path.replacing("*", with: $0) } ?? path
  }

  /// `worker.shutdown-grace` as `INGESTD_WORKER_SHUTDOWN_GRACE`; a chosen name in capitals, its dashes as underscores. A
  /// list has one variable for the whole of it, as YAML.
  package func variable(named name: String? = nil) -> String {
    isListed ? Self.variable(group ?? "") : Self.variable(path(named: name))
  }

  static func variable(_ path: String) -> String {
    "INGESTD_" + path.uppercased().replacing(".", with: "_").replacing("-", with: "_")
  }
}

extension Configuration {
  /// An embedder of which nothing is known but its name.
  static func freshEmbedder(_ name: String) -> EmbedderSettings {
    EmbedderSettings(name: name, provider: "openai", model: "", dimensions: 0)
  }
}
