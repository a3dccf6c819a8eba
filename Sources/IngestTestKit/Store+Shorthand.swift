package import IngestCore
package import IngestStore

/// Actions on dead letters with default options.
extension Store {
  package func redrive(
    _ filter: JobFilter, actor: String
  ) async throws -> (redriven: [String], superseded: [String]) {
    let report = try await act(.redrive(RedriveOptions()), on: filter, dryRun: false, actor: actor)
    return (report.lines(.redriven).map(\.id), report.lines(.superseded).map(\.id))
  }

  package func purge(_ filter: JobFilter, actor: String) async throws -> Int {
    try await act(.purge, on: filter, dryRun: false, actor: actor).count(.purged)
  }
}
