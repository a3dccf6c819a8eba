import IngestCore

/// A pair of functions that read and write one value of a configuration as a ``SettingValue``.
struct SettingAccessor<Root>: Sendable {
  let get: @Sendable (Root) -> SettingValue?
  /// Writes a value that was already checked against the key's type.
  let set: @Sendable (inout Root, SettingValue) -> Void
}

extension SettingAccessor {
  static func bool(_ path: any WritableKeyPath<Root, Bool> & Sendable) -> Self {
    .init(get: { .bool($0[keyPath: path]) }, set: { if let value = $1.bool { $0[keyPath: path] = value } })
  }

  static func integer(_ path: any WritableKeyPath<Root, Int> & Sendable) -> Self {
    .init(get: { .integer($0[keyPath: path]) }, set: { if let value = $1.integer { $0[keyPath: path] = value } })
  }

  static func integer(_ path: any WritableKeyPath<Root, Int?> & Sendable) -> Self {
    .init(get: { $0[keyPath: path].map { .integer($0) } }, set: { $0[keyPath: path] = $1.integer })
  }

  static func duration(_ path: any WritableKeyPath<Root, Duration> & Sendable) -> Self {
    .init(get: { .duration($0[keyPath: path]) }, set: { if let value = $1.duration { $0[keyPath: path] = value } })
  }

  /// Returns an accessor to a duration, where nil means `forever`.
  static func retention(_ path: any WritableKeyPath<Root, Duration?> & Sendable) -> Self {
    .init(
      get: { $0[keyPath: path].map { .duration($0) } ?? .text("forever") }, set: { $0[keyPath: path] = $1.duration })
  }

  static func size(_ path: any WritableKeyPath<Root, ByteSize> & Sendable) -> Self {
    .init(get: { .size($0[keyPath: path]) }, set: { if let value = $1.size { $0[keyPath: path] = value } })
  }

  /// Returns an accessor to a size that is stored as a number of bytes.
  static func bytes(_ path: any WritableKeyPath<Root, Int> & Sendable) -> Self {
    .init(
      get: { .size(ByteSize(bytes: $0[keyPath: path])) },
      set: { if let value = $1.size { $0[keyPath: path] = value.bytes } })
  }

  static func bool(_ path: any WritableKeyPath<Root, Bool?> & Sendable) -> Self {
    .init(get: { $0[keyPath: path].map { .bool($0) } }, set: { $0[keyPath: path] = $1.bool })
  }

  static func number(_ path: any WritableKeyPath<Root, Double?> & Sendable) -> Self {
    .init(get: { $0[keyPath: path].map { .number($0) } }, set: { $0[keyPath: path] = $1.number })
  }

  static func number(_ path: any WritableKeyPath<Root, Double> & Sendable) -> Self {
    .init(get: { .number($0[keyPath: path]) }, set: { if let value = $1.number { $0[keyPath: path] = value } })
  }

  static func rate(_ path: any WritableKeyPath<Root, RateSpec?> & Sendable) -> Self {
    .init(get: { $0[keyPath: path].map { .rate($0) } }, set: { $0[keyPath: path] = $1.rate })
  }

  static func slots(_ path: any WritableKeyPath<Root, ConcurrencyLimit?> & Sendable) -> Self {
    .init(
      get: { $0[keyPath: path].map { .integer($0.limit) } },
      set: { $0[keyPath: path] = $1.integer.flatMap { try? ConcurrencyLimit($0) } })
  }

  static func text(_ path: any WritableKeyPath<Root, String> & Sendable) -> Self {
    .init(get: { .text($0[keyPath: path]) }, set: { if let value = $1.text { $0[keyPath: path] = value } })
  }

  static func text(_ path: any WritableKeyPath<Root, String?> & Sendable) -> Self {
    .init(get: { $0[keyPath: path].map { .text($0) } }, set: { $0[keyPath: path] = $1.text })
  }

  static func choice<Value: RawRepresentable<String> & Sendable>(_ path: any WritableKeyPath<Root, Value> & Sendable)
    -> Self
  {
    .init(
      get: { .text($0[keyPath: path].rawValue) },
      set: { if let value = $1.text.flatMap(Value.init(rawValue:)) { $0[keyPath: path] = value } })
  }
}
