extension Limit {
  /// What makes two limits the same one: of two with one identity only one can be in force. Lifting or resetting a limit names
  /// this and no amount.
  package struct ID: Hashable, Sendable {
    package let kind: Kind
    package let key: LimitKey
    package let unit: Unit
    package let scope: LimitScope

    package init(
      _ kind: Kind, per key: LimitKey, counting unit: Unit = .jobs, scope: LimitScope = LimitScope()
    ) {
      self.kind = kind
      self.key = key
      self.unit = unit
      self.scope = scope
    }
  }
}

/// `throttle of tokens per provider openai`, as gates, the journal and people name it.
extension Limit.ID: CustomStringConvertible {
  package var description: String {
    let others = [
      scope.source.isEmpty || key == .source ? nil : "source \(scope.source)",
      scope.index.isEmpty || key == .index ? nil : "index \(scope.index)",
      scope.workflow.isEmpty || key == .workflow ? nil : "workflow \(scope.workflow)",
      scope.provider.isEmpty || key == .provider ? nil : "provider \(scope.provider)",
    ].compactMap(\.self)
    let only = scope[key] ?? ""
    return "\(kind.rawValue)\(unit == .jobs ? "" : " of \(unit.rawValue)") per \(key)"
      + (only.isEmpty ? "" : " \(only)") + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
  }
}

/// What a limit holds for; an empty field means all.
package struct LimitScope: Hashable, Sendable {
  package var source: String
  package var index: String
  package var workflow: String
  package var provider: String

  package init(source: String = "", index: String = "", workflow: String = "", provider: String = "") {
    self.source = source
    self.index = index
    self.workflow = workflow
    self.provider = provider
  }

  /// The one value that it leaves of a key, "" for any; nil for a key that a scope does not have.
  package subscript(key: LimitKey) -> String? {
    switch key {
    case .source: source
    case .index: index
    case .workflow: workflow
    case .provider: provider
    case .tenant, .document, .meta: nil
    }
  }
}
