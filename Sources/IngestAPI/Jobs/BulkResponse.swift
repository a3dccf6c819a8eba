package import IngestCore

/// The result of an action on many jobs or dead letters, or of its dry run.
package struct BulkResponse: Codable, Hashable, Sendable {
  package struct Line: Codable, Hashable, Sendable {
    package var id: String
    package var uri: String?
    package var verdict: JobVerdict
    package var dueAt: Timestamp?
    package var replay: String?
    package var kept: [String]?
    package var refusal: ErrorBody?
  }

  package var dryRun: Bool
  package var total: Int
  /// Jobs by verdict.
  package var counts: [String: Int]
  /// At most 50.
  package var jobs: [Line]
  /// This and the next three are for `dead redrive` only.
  package var redriven: [String]?
  package var redrivenTotal: Int?
  package var superseded: [String]?
  package var supersededTotal: Int?
  /// For `dead purge` only.
  package var purged: Int?

  package init(_ report: BulkReport) {
    dryRun = report.isDryRun
    total = report.total
    counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) })
    jobs = report.lines.prefix(50).map { line in
      Line(
        id: line.id, uri: line.uri, verdict: line.verdict, dueAt: line.dueAt, replay: line.replay, kept: line.kept,
        refusal: line.refusal.map(ErrorBody.init))
    }
  }

  package static func redrive(_ report: BulkReport) -> BulkResponse {
    var response = BulkResponse(report)
    response.redriven = report.lines(.redriven).map(\.id)
    response.redrivenTotal = report.count(.redriven)
    response.superseded = report.lines(.superseded).map(\.id)
    response.supersededTotal = report.count(.superseded)
    return response
  }

  package static func purge(_ report: BulkReport) -> BulkResponse {
    var response = BulkResponse(report)
    response.purged = report.count(.purged)
    return response
  }
}
