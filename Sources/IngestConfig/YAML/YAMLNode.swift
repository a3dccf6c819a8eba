/// A value of a YAML file, with the place where it stands.
package struct YAMLNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// In the order of the file; no key twice.
    case mapping([YAMLEntry])
  }

  /// Always ``SettingOrigin/file(_:line:column:)``.
  package var origin: SettingOrigin
  package var content: Content

  package init(origin: SettingOrigin, content: Content) {
    self.origin = origin
    self.content = content
  }

  /// What it is, for messages: `a mapping`, `the number 1.5`, `the text "on"`.
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

  package init(key: String, keyOrigin: SettingOrigin, value: YAMLNode) {
    self.key = key
    self.keyOrigin = keyOrigin
    self.value = value
  }
}
