/// A value of a YAML file with its place.
package struct YAMLNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// In the order of the file. No key occurs twice.
    case mapping([YAMLEntry])
  }

  /// The place in the file, or the variable that holds the value.
  package var origin: SettingOrigin
  package var content: Content

  package init(origin: SettingOrigin, content: Content) {
    self.origin = origin
    self.content = content
  }

  /// The kind of value for messages: `a mapping`, `the number 1.5`, `the text "on"`.
  package var kind: String {
    switch content {
    case .scalar(let scalar): scalar.kind
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// One `key: value`.
package struct YAMLEntry: Hashable, Sendable {
  package var key: String
  package var keyOrigin: SettingOrigin
  package var value: YAMLNode
}

extension YAMLNode {
  /// Returns the node with one origin for all its parts, for a value that is not from a file and has no lines.
  func placed(at origin: SettingOrigin) -> YAMLNode {
    let moved: Content =
      switch content {
      case .scalar: content
      case .sequence(let items): .sequence(items.map { $0.placed(at: origin) })
      case .mapping(let entries):
        .mapping(entries.map { YAMLEntry(key: $0.key, keyOrigin: origin, value: $0.value.placed(at: origin)) })
      }
    return YAMLNode(origin: origin, content: moved)
  }
}
