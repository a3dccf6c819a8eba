/// A submit, or the start of a workflow, as rate limits count it.
package struct RatedWork: Hashable, Sendable {
  /// A document by its identity, since it has no id before its first submit.
  package struct Document: Hashable, Sendable {
    package var index: String
    package var uri: String
    package var meta: [String: String]

    package init(index: String, uri: String, meta: [String: String]) {
      self.index = index
      self.uri = uri
      self.meta = meta
    }
  }

  package var source: String
  package var workflow: String
  /// Nil for the start of a workflow.
  package var document: Document?

  package init(source: String, workflow: String, document: Document? = nil) {
    self.source = source
    self.workflow = workflow
    self.document = document
  }

  package init(_ request: EnqueueRequest) {
    self.init(source: request.source, workflow: request.workflow.definition.name)
  }

  /// Returns the value of a limit's key; nil if the work has no such key, so that the limit does not count it.
  func value(of key: LimitKey) -> String? {
    switch key {
    case .source: source
    case .workflow: workflow
    case .index: document?.index
    case .provider: document.map { _ in "" }
    case .tenant: document.map { $0.meta["tenant"] ?? "" }
    case .document: document.map { "\($0.index) \(source) \($0.uri)" }
    case .meta(let name): document.map { $0.meta[name] ?? "" }
    }
  }

  func isIn(_ scope: LimitScope) -> Bool {
    (scope.source.isEmpty || scope.source == source) && (scope.index.isEmpty || scope.index == document?.index)
      && (scope.workflow.isEmpty || scope.workflow == workflow)
  }
}
