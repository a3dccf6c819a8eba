package import IngestCore

/// A limit as it is shown.
package struct LimitResponse: Codable, Hashable, Sendable {
  package var kind: Limit.Kind
  package var per: LimitKey
  package var unit: Limit.Unit
  /// Missing where a live one lifts it.
  package var spec: String?
  package var origin: Origin
  /// What the configuration says where a live one hides it.
  package var configured: String?
  /// What could start now; missing where each value of its key has its own.
  package var free: Int?
  package var source: String?
  package var index: String?
  package var workflow: String?
  package var provider: String?

  /// A limit among others in a list of sources: what it holds for is left out.
  package init(_ limit: Limit) {
    kind = limit.id.kind
    per = limit.key
    unit = limit.unit
    spec = limit.amount.description
    origin = limit.origin
  }

  package init(_ report: LimitReport) {
    func said(_ text: String) -> String? { text.isEmpty ? nil : text }
    let id = report.entry.id
    kind = id.kind
    per = id.key
    unit = id.unit
    spec = report.entry.limit?.amount.description
    origin = report.entry.origin
    configured = report.configured?.description
    free = report.free
    source = said(id.scope.source)
    index = said(id.scope.index)
    workflow = said(id.scope.workflow)
    provider = said(id.scope.provider)
  }
}
