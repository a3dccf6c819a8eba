extension Limit {
  /// The identity of a limit. Only one limit with an identity can be in force. Lifting or resetting a limit names its
  /// identity and no amount.
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

/// The form that gates, the journal and people use: `throttle of tokens per provider openai`.
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

/// The scope of a limit; an empty field means all.
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

  /// The only value of the key in this scope, "" for any; nil for a key that scopes do not have.
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
