/// A read connection, confined to the thread that runs it.
struct Reader: ~Copyable {
  private let path: String
  private let options: DatabaseOptions
  private var connection: Connection?

  init(path: String, options: DatabaseOptions) {
    self.path = path
    self.options = options
  }

  /// Runs `work` in one read transaction, so that all its statements see the same commit. Then resumes its caller.
  mutating func run(_ work: Work) {
    do {
      let connection = try self.connection ?? Connection.open(path, options, as: .reader)
      self.connection = connection
      try connection.run("BEGIN DEFERRED")
      do {
        try work.run(connection)
      } catch {
        end(connection)
        throw error
      }
      end(connection)
    } catch {
      work.fail(error)
    }
    work.resume()
  }

  mutating func close() {
    connection = nil
  }

  /// Ends the transaction. Nothing was written, so COMMIT and ROLLBACK are equally good.
  private mutating func end(_ connection: Connection) {
    if (try? connection.run("COMMIT")) != nil { return }
    if connection.isOutsideTransaction || (try? connection.run("ROLLBACK")) != nil { return }
    self.connection = nil
  }
}
