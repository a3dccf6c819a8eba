internal import FoundationEssentials
package import IngestCore

/// The encoding of every response: one line, keys sorted and in snake case, slashes not escaped. Field names come from nowhere
/// else, so a property `nextAt` is `next_at` at every front door.
package enum APIJSON {
  /// - Parameters:
  ///   - render: how the front door words an action in a hint.
  ///   - option: how it words an option; its bare name and value if not given.
  package static func encode(
    _ value: some Encodable, render: @escaping @Sendable (Action) -> String,
    option: @escaping @Sendable (Action.Option) -> String = { $0.description }
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    if let key = CodingUserInfoKey.actionRendering { encoder.userInfo[key] = Action.Rendering(render, option: option) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  package static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(text.utf8))
  }
}
