import FoundationEssentials
package import IngestCore

extension ScheduledRun {
  /// Makes a run that scans a folder.
  package init(scan task: ScanTask) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(
      workflow: ScanTask.workflow, task: String(decoding: try encoder.encode(task), as: UTF8.self), index: task.index,
      source: task.source, priority: task.priority)
  }

  /// The scan that the run does; nil if it runs another workflow.
  package var scan: ScanTask? {
    workflow == ScanTask.workflow ? try? JSONDecoder().decode(ScanTask.self, from: Data(task.utf8)) : nil
  }
}
