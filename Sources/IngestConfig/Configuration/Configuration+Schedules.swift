package import IngestCore

extension Configuration {
  /// A schedule of the file; it ticks by one of ``cron``, ``every`` and ``at``.
  package struct Schedule: Hashable, Sendable {
    package var cron: String?
    package var every: Duration?
    /// RFC 3339.
    package var at: String?
    package var zone = "UTC"
    /// The folder that is scanned; nil where ``workflow`` runs by itself.
    package var scan: String?
    package var sync = false
    package var source = "default"
    package var index = "docs"
    /// Whether its jobs belong to no index.
    package var noIndex = false
    package var workflow: String?
    /// JSON.
    package var task: String?
    package var priority = 0
    package var overlap = OverlapPolicy.skip
    package var catchUp: Duration = .seconds(3600)
    package var jitter: Duration = .zero
  }
}
