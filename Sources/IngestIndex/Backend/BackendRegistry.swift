package import IngestCore

/// The back ends of this program by name. A generation's spec names the back end that stores its chunks.
package struct BackendRegistry: Sendable {
  private let backends: [String: any IndexBackend]

  /// - Parameters:
  ///   - backends: should have distinct names; if two share a name, the first is used.
  ///   - gate: guards the calls of back ends that have an ``IndexBackend/endpoint``; nil guards none.
  package init(_ backends: [any IndexBackend], gate: CallGate? = nil) {
    let guarded: [any IndexBackend] = backends.map { backend in
      guard let gate, let endpoint = backend.endpoint else { return backend }
      return GuardedBackend(base: backend, endpoint: endpoint, gate: gate)
    }
    self.backends = Dictionary(guarded.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The names in alphabetical order.
  package var names: [String] { backends.keys.sorted() }

  /// Returns the back end that holds the chunks of a generation with this spec.
  /// - Throws: ``IndexError/unknownBackend(_:known:)``.
  package func backend(for spec: GenerationSpec) throws(IndexError) -> any IndexBackend {
    guard let backend = backends[spec.backend] else { throw .unknownBackend(spec.backend, known: names) }
    return backend
  }
}
