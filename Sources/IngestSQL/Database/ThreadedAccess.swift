/// Access that runs bodies on the database's own threads.
final class ThreadedAccess: Access {
  private let writer: Writer
  private let readers: ReaderPool
  private let checkpointer: Checkpointer

  init(path: String, options: DatabaseOptions, group: GroupCommit) {
    let checkpointer = Checkpointer(path: path, options: options)
    self.checkpointer = checkpointer
    readers = ReaderPool(path: path, options: options)
    writer = Writer(path: path, group: group) { checkpointer.noteWAL(pages: $0) }
  }

  func write(_ work: Work) { writer.add(work) }
  func read(_ work: Work) { readers.add(work) }
  var statistics: WriteStatistics { writer.statistics }

  /// Closes everything, the writer last: the last connection copies the WAL into the file.
  func close(_ done: @escaping @Sendable () -> Void) {
    readers.close { [checkpointer, writer] in
      checkpointer.close { writer.close(done) }
    }
  }
}
