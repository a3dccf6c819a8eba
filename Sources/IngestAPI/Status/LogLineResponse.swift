package import IngestCore

/// A line of a worker's log in JSON.
package struct LogLineResponse: Codable, Hashable, Sendable {
  package var time: Timestamp
  package var level: String
  package var message: Hint

  package init(time: Timestamp, level: String, message: Hint) {
    self.time = time
    self.level = level
    self.message = message
  }
}
