import IngestCore

/// A worker's row, and whether its lock is held: a free lock means that it died without saying so.
struct WorkerLine: Encodable {
  var row: StatusReport.Worker
  var alive: Bool

  init(_ row: StatusReport.Worker) {
    self.row = row
    alive = row.isAlive
  }

  private enum Key: CodingKey { case alive }

  func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(alive, forKey: .alive)
  }
}
