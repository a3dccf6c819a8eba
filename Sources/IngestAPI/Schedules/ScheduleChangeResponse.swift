package import IngestCore
package import IngestOperations

/// The result of `schedule remove`, `pause` and `resume`.
package struct ScheduleChangeResponse: Codable, Hashable, Sendable {
  package var schedule: String
  /// `removed`, `paused`, `resumed` or `unchanged`.
  package var change: String

  package init(schedule: String, change: String) {
    self.schedule = schedule
    self.change = change
  }
}

/// The result of `schedule run`.
package struct ScheduleStartResponse: Codable, Hashable, Sendable {
  package var schedule: String
  /// Nil while the run waits for the run before it.
  package var job: String?
  /// `queued` or `waiting`.
  package var state: String

  package init(schedule: String, _ run: ScheduleRunNow) {
    self.schedule = schedule
    switch run {
    case .started(let job): (self.job, state) = (job.rawValue, "queued")
    case .queued: (job, state) = (nil, "waiting")
    }
  }
}

/// The first line of `schedule add --dry-run`. The lines of a scan follow.
package struct SchedulePreviewResponse: Codable, Hashable, Sendable {
  package var schedule: String
  package var next: [Timestamp]

  package init(_ preview: SchedulePreview) {
    schedule = preview.schedule
    next = preview.next
  }
}
