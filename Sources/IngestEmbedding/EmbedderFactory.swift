private import FoundationEssentials
package import IngestCore
package import IngestHTTPClient
private import Synchronization

/// A factory of embedders from the configuration. It creates each embedder once, so that the limits of a provider hold
/// for the whole process.
///
/// A generation's spec decides the vectors (model, dimensions). The current settings with the same name say how to
/// reach the provider.
package final class EmbedderFactory: Sendable {
  private let settings: [String: EmbedderSettings]
  private let cache: (any EmbeddingCache)?
  private let client: HTTPClient
  private let environment: [String: String]
  private let gate: CallGate?
  private let made = Mutex<[EmbedderSpec: any Embedder]>([:])

  /// - Parameters:
  ///   - settings: the configured embedders. `hash` exists even if it is not among them.
  ///   - cache: nil for commands that store nothing, such as `parse`.
  ///   - environment: the variables that may hold keys.
  ///   - gate: the gate around every request to another machine. Nil for commands without a store.
  package init(
    settings: [EmbedderSettings], cache: (any EmbeddingCache)?, client: HTTPClient = HTTPClient(),
    environment: [String: String], gate: CallGate? = nil
  ) {
    var named = [EmbedderSettings.hash.name: EmbedderSettings.hash]
    for entry in settings { named[entry.name] = entry }
    self.settings = named
    self.cache = cache
    self.client = client
    self.environment = environment
    self.gate = gate
  }

  /// The names of all embedders.
  package var names: [String] { settings.keys.sorted() }

  /// Returns the spec that a generation with this embedder records.
  /// - Throws: ``EmbeddingError/unknownEmbedder(_:known:)``.
  package func spec(named name: String) throws -> EmbedderSpec { try found(name).spec }

  /// Returns the embedder for these vectors, with the cache if it is not free. Reads the key, and sends nothing.
  /// - Throws: ``EmbeddingError``.
  package func embedder(for spec: EmbedderSpec) throws -> any Embedder {
    if let embedder = made.withLock({ $0[spec] }) { return embedder }
    let embedder = try make(spec)
    return made.withLock { made in
      if let first = made[spec] { return first }
      made[spec] = embedder
      return embedder
    }
  }

  private func make(_ spec: EmbedderSpec) throws -> any Embedder {
    switch spec.provider {
    case "hash":
      return try HashEmbedder(spec)
    case "openai":
      let settings = try found(spec.name)
      guard settings.provider == spec.provider else {
        throw EmbeddingError.unusableSettings(
          embedder: spec.name,
          detail: "it was \(spec.provider) when the generation was built and is \(settings.provider)")
      }
      let embedder = try OpenAIEmbedder(settings, spec: spec, key: try key(of: settings), client: client, gate: gate)
      return cache.map { CachedEmbedder(embedder, cache: $0) } ?? embedder
    default:
      throw EmbeddingError.unknownProvider(embedder: spec.name, provider: spec.provider)
    }
  }

  private func found(_ name: String) throws -> EmbedderSettings {
    guard let found = settings[name] else { throw EmbeddingError.unknownEmbedder(name, known: names) }
    return found
  }

  private func key(of settings: EmbedderSettings) throws -> Secret? {
    guard let source = settings.apiKey else { return nil }
    let text: String? =
      switch source {
      case .environment(let variable): environment[variable]
      case .file(let path): (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
      }
    let bare = text.map { String($0.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) } ?? ""
    guard !bare.isEmpty else { throw EmbeddingError.keyMissing(embedder: settings.name, source: source) }
    return Secret(bare)
  }
}
