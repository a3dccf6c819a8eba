internal import Glibc
package import IngestConfig
package import IngestCore
import IngestEngine
import IngestIntake
package import IngestOperations
import IngestStore

extension Installation {
  /// Starts of workflows by themselves.
  package func runs(as actor: Actor) -> RunOperations {
    RunOperations(store: store, catalogue: .standard, clock: clock, actor: actor) { try workflow($0) }
  }

  var scheduler: Scheduler {
    Scheduler(store: store, zones: ZoneFiles(), clock: clock) { try workflow($0) }
  }

  var scanStep: ScanStep {
    ScanStep(blobs: blobs, submitter: { operations(as: $0) }) { try workflow($0) }
  }

  /// The workflow of a name as it is now: the user's files may change while a worker runs.
  package func workflow(_ name: String) throws -> PinnedWorkflow {
    try workflowLibrary.get(name).pinned
  }

  /// The workflows that can be run now: built in, and those of the folder in force.
  package var workflowLibrary: WorkflowLibrary { WorkflowLibrary.load(configuration, in: layout) }

  /// Takes over the configuration's schedules; a mistake in one of them leaves all as they were.
  package func takeOverSchedules(as actor: Actor) async throws {
    let schedules = operations(as: actor).schedules
    let specs = try configuration.schedules.mapValues { try $0.spec }
    for (name, spec) in specs.sorted(by: { $0.key < $1.key }) {
      // A single time that has passed was fired by then, or is over.
      do { _ = try schedules.check(name, spec) } catch let failure as Failure where failure.reason == .timePassed {}
      _ = try workflow(spec.run.workflow)
      if let index = spec.run.index {
        try await requireIndex(index, as: actor)
      } else {
        try runs(as: actor).check(spec.run.workflow)
      }
    }
    _ = try await schedules.configure(specs)
  }
}

extension Configuration.Schedule {
  /// As ``ScheduleTiming`` reads it.
  var timing: String { cron ?? every.map { "every \($0.compact)" } ?? at ?? "" }

  var spec: ScheduleSpec {
    get throws {
      let run: ScheduledRun
      if let scan {
        run = try ScheduledRun(
          scan: ScanTask(
            path: FolderPath.absolute(scan), sync: sync, index: index, source: source, workflow: workflow ?? "ingest",
            priority: priority))
      } else {
        run = ScheduledRun(
          workflow: workflow ?? "", task: task ?? "{}", index: noIndex ? nil : index, source: source, priority: priority
        )
      }
      return ScheduleSpec(
        timing: timing, zone: zone, overlap: overlap, catchUp: catchUp, jitter: jitter, run: run)
    }
  }
}

/// Paths that are to mean the same in another process.
package enum FolderPath {
  /// Links are resolved where the folder is there.
  package static func absolute(_ path: String) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
  }
}
