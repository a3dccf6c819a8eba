internal import Glibc
package import IngestConfig
package import IngestCore
import IngestEngine
import IngestIntake
import IngestOperations

extension Installation {
  var scheduler: Scheduler {
    Scheduler(store: store, zones: ZoneFiles(), clock: clock) { try workflow($0) }
  }

  var scanStep: ScanStep {
    ScanStep(blobs: blobs, submitter: { operations(as: $0) }) { try workflow($0) }
  }

  /// Returns the current workflow of a name: the user's files may change while a worker runs.
  package func workflow(_ name: String) throws -> PinnedWorkflow {
    try workflowLibrary.get(name).pinned
  }

  /// The workflows that can run now: the built-in ones, and those of the configured folder.
  package var workflowLibrary: WorkflowLibrary { WorkflowLibrary.load(configuration, in: layout) }
}

extension Configuration.Schedule {
  /// The timing in the form that ``ScheduleTiming`` reads.
  var timing: String { cron ?? every.map { "every \($0.compact)" } ?? at ?? "" }

  /// The schedule as the store keeps it.
  package var spec: ScheduleSpec {
    get throws {
      let run: ScheduledRun
      if let scan {
        run = try ScheduledRun(
          scan: ScanTask(
            path: FolderPath.absolute(scan), sync: sync, index: index, source: source, workflow: workflow ?? "ingest",
            priority: priority))
      } else {
        run = ScheduledRun(
          workflow: workflow ?? "", task: task ?? "{}", index: noIndex ? nil : index, source: source,
          priority: priority)
      }
      return ScheduleSpec(
        timing: timing, zone: zone, overlap: overlap, catchUp: catchUp, jitter: jitter, run: run)
    }
  }
}
