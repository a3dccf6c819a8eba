import FoundationEssentials

/// JSON for tests.
package enum TestJSON {
  package static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
