package import IngestCore

/// A limit with its amount and its origin.
package struct LimitResponse: Codable, Hashable, Sendable {
  package var kind: Limit.Kind
  package var per: LimitKey
  package var unit: Limit.Unit
  /// Missing if a live setting lifts the limit.
  package var spec: String?
  package var origin: Origin
  /// The configured amount, if a live setting hides it.
  package var configured: String?
  /// How many could start now; missing if each value of the key has its own count.
  package var free: Int?
  package var source: String?
  package var index: String?
  package var workflow: String?
  package var provider: String?

  /// Makes the short form for a list of sources, without the scope.
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
