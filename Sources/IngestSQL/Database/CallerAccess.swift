internal import CSQLite
internal import Synchronization

/// Access that runs bodies on the caller, one after the other, each in a transaction of its own.
final class CallerAccess: Access {
  private struct Connections: ~Copyable {
    let group: GroupCommit
    var reader: Reader
    var isClosed = false
  }

  private let connections: Mutex<Connections>
  private let path: String
  private let options: DatabaseOptions

  init(path: String, options: DatabaseOptions, group: sending GroupCommit) {
    self.path = path
    self.options = options
    connections = Mutex(Connections(group: group, reader: Reader(path: path, options: options)))
  }

  func write(_ work: Work) {
    let isClosed = connections.withLock { connections in
      guard !connections.isClosed else { return true }
      var once: [Work] = [work]
      connections.group.drain { _ in
        defer { once = [] }
        return once
      }
      if connections.group.walPages >= options.checkpointPages { connections.group.checkpoint() }
      return false
    }
    if isClosed { refuse(work) }
  }

  func read(_ work: Work) {
    let isClosed = connections.withLock { connections in
      guard !connections.isClosed else { return true }
      connections.reader.run(work)
      return false
    }
    if isClosed { refuse(work) }
  }

  var statistics: WriteStatistics { connections.withLock { $0.group.counts.statistics } }

  func close(_ done: @escaping @Sendable () -> Void) {
    connections.withLock { connections in
      connections.isClosed = true
      connections.reader.close()
      connections.group.close()
    }
    done()
  }

  private func refuse(_ work: Work) {
    work.fail(SQLError.closed(.init(path: path, message: "the database was closed")))
    work.resume()
  }
}
