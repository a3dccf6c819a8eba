import FoundationEssentials
package import IngestCore

extension ScheduledRun {
  /// A tick that scans a folder.
  package init(scan task: ScanTask) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(
      workflow: ScanTask.workflow, task: String(decoding: try encoder.encode(task), as: UTF8.self), index: task.index,
      source: task.source, priority: task.priority)
  }

  /// The folder that it scans, where it is a scan.
  package var scan: ScanTask? {
    workflow == ScanTask.workflow ? try? JSONDecoder().decode(ScanTask.self, from: Data(task.utf8)) : nil
  }
}
