internal import IngestAPI
package import IngestApp
import IngestCore

/// A line of a worker's log, on standard error.
package enum WorkerLogLine {
  package static func text(_ entry: WorkerLogEntry, in format: LogFormat) -> String {
    let message = entry.message.commandLine
    return switch format {
    case .text: message
    case .json:
      (try? JSONText.encode(LogLineResponse(time: entry.time, level: entry.level, message: entry.message))) ?? message
    }
  }
}
