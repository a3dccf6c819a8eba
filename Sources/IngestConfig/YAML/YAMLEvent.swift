/// What libyaml met, in Swift's own values.
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
  /// As written out, such as `tag:yaml.org,2002:str`; nil where the file gives none.
  var tag: String?
}
