package import IngestCore
import IngestIntake

/// A caller's request for a schedule.
package struct ScheduleRequest: Sendable {
  package enum Timing: Sendable {
    /// A cron expression of five or six fields.
    case cron(String)
    case every(Duration)
    /// Once.
    case at(Timestamp)
  }

  package var name: String
  package var timing: Timing?
  /// The time zone of a cron expression.
  package var zone = "UTC"
  package var overlap = OverlapPolicy.skip
  package var catchUp: Duration = .seconds(3600)
  package var jitter: Duration = .zero
  /// A folder to scan, absolute or relative to the current one. Without one, each run is a job of ``workflow``.
  package var scan: String?
  /// Whether a scan deletes the documents whose file vanished.
  package var sync = false
  /// Whether a scanned folder without documents counts as emptied on purpose.
  package var allowEmpty = false
  /// Globs of a scan.
  package var include: [String] = []
  package var exclude: [String] = []
  /// The workflow of each run or, with a scan, of each document.
  package var workflow: String?
  /// The JSON that the workflow's steps get as their task.
  package var task: String?
  /// Nil for a workflow whose jobs belong to no index. A scan has one.
  package var index: String? = "docs"
  package var source = "default"
  package var priority = 0

  package init(name: String) { self.name = name }
}

extension ScheduleRequest {
  /// Checks what can be checked without a data folder.
  /// - Throws: `SCHEDULE_EMPTY` for a schedule that never runs or runs nothing; `SCAN_OPTION` for an option of a scan
  ///   without one.
  package func check() throws {
    _ = try timingText
    guard scan != nil || workflow != nil else {
      throw Failure(
        .permanent, code: "SCHEDULE_EMPTY", "The schedule would run nothing.",
        hint: "Give \(option: "scan", "DIR"), or \(option: "workflow", "NAME").", category: .invalid)
    }
    for (option, isGiven) in [("sync", sync), ("include", !include.isEmpty), ("exclude", !exclude.isEmpty)]
    where isGiven && scan == nil {
      throw Failure(
        .permanent, code: "SCAN_OPTION", "The option '\(option)' applies to a scan, but no folder is scanned.",
        hint: "Add \(option: "scan", "DIR").", category: .invalid)
    }
  }

  /// The schedule as the store keeps it.
  /// - Throws: as ``check()``, and a ``ScanError`` of the folder to scan, so that the caller learns it before the first run.
  func spec() throws -> ScheduleSpec {
    try check()
    return ScheduleSpec(
      timing: try timingText, zone: zone, overlap: overlap, catchUp: catchUp, jitter: jitter, run: try run())
  }

  private var timingText: String {
    get throws {
      switch timing {
      case .cron(let expression)?: return expression
      case .every(let interval)?: return "every \(interval.compact)"
      case .at(let time)?: return time.description
      case nil:
        throw Failure(
          .permanent, code: "SCHEDULE_EMPTY", "The request does not say when the schedule runs.",
          hint: "Give \(option: "cron", "'30 2 * * *'"), \(option: "every", "15m") or \(option: "at", "TIME").",
          category: .invalid)
      }
    }
  }

  private func run() throws -> ScheduledRun {
    guard let scan else {
      return ScheduledRun(
        workflow: workflow ?? "", task: task ?? "{}", index: index, source: source, priority: priority)
    }
    _ = try ScanRoot(scan)
    return try ScheduledRun(
      scan: ScanTask(
        path: FolderPath.absolute(scan), sync: sync, index: index ?? Operations.implicitIndex, source: source,
        workflow: workflow ?? "ingest",
        priority: priority, include: include, exclude: exclude, allowEmpty: allowEmpty))
  }
}
