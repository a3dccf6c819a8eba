extension SubmitRequest {
  /// Returns the claim of the submit's job in one generation; nil for a workflow that is no singleton.
  /// - Parameter generation: its key in the store.
  package func singleton(generation: Int64) -> SingletonClaim? {
    guard let singleton = workflow.definition.singleton else { return nil }
    let value =
      switch singleton.key {
      case .source: source
      case .index: index
      case .document: "\(source)/\(uri)"
      case .tenant: meta["tenant"] ?? ""
      case .meta(let name): meta[name] ?? ""
      // One generation has one embedder, and every job here is of this workflow.
      case .workflow, .provider: ""
      }
    return SingletonClaim(
      name: "\(workflow.definition.name)/\(generation)/\(singleton.key)=\(value)", mode: singleton.mode)
  }
}
