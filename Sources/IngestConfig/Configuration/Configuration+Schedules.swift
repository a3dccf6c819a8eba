package import IngestCore

extension Configuration {
  /// A schedule in the file. One of ``cron``, ``every`` and ``at`` sets its ticks.
  package struct Schedule: Hashable, Sendable {
    package var cron: String?
    package var every: Duration?
    /// A time as in RFC 3339.
    package var at: String?
    package var zone = "UTC"
    /// The folder to scan. Nil if ``workflow`` runs by itself.
    package var scan: String?
    package var sync = false
    package var source = "default"
    package var index = "docs"
    /// Whether its jobs belong to no index.
    package var noIndex = false
    package var workflow: String?
    /// The task as JSON.
    package var task: String?
    package var priority = 0
    package var overlap = OverlapPolicy.skip
    package var catchUp: Duration = .seconds(3600)
    package var jitter: Duration = .zero
  }
}
