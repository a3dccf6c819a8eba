package import IngestCore

/// The back ends of this program, by the name in a generation's spec: a generation's spec decides where its chunks live.
package struct BackendRegistry: Sendable {
  private let backends: [String: any IndexBackend]

  /// - Parameters:
  ///   - backends: of distinct names; of two with one name the first counts.
  ///   - gate: guards the calls of those that have an ``IndexBackend/endpoint``; nil guards none.
  package init(_ backends: [any IndexBackend], gate: CallGate? = nil) {
    let guarded: [any IndexBackend] = backends.map { backend in
      guard let gate, let endpoint = backend.endpoint else { return backend }
      return GuardedBackend(base: backend, endpoint: endpoint, gate: gate)
    }
    self.backends = Dictionary(guarded.map { ($0.name, $0) }) { first, _ in first }
  }

  /// In alphabetical order.
  package var names: [String] { backends.keys.sorted() }

  /// Returns the back end that holds the chunks of a generation built like this.
  /// - Throws: ``IndexError/unknownBackend(_:known:)``.
  package func backend(for spec: GenerationSpec) throws(IndexError) -> any IndexBackend {
    guard let backend = backends[spec.backend] else { throw .unknownBackend(spec.backend, known: names) }
    return backend
  }
}
