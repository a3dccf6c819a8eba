/// An event of libyaml as a Swift value.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(text: String, plain: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  var kind: Kind
  var origin: SettingOrigin
  var anchor: String?
  /// The full tag, such as `tag:yaml.org,2002:str`. Nil if the file has none.
  var tag: String?
}
