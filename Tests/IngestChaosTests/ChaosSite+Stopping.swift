import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit

extension ChaosSite {
  /// Whether a program has come to the point at which it is to be stopped.
  func isHalted(_ program: RunningProgram) -> Bool {
    FileManager.default.fileExists(atPath: "\(fireLog).\(program.processID).halted")
  }

  /// Waits for a program to come to its point, and stops it while it is in no transaction.
  func stop(_ program: RunningProgram) async throws {
    try await eventually("\(program.processID) comes to its point") { isHalted(program) }
    var options = DatabaseOptions(mode: .existing)
    options.busy.limit = .milliseconds(100)
    let database = try Database(path: data + "/ingestd.db", options: options)
    while true {
      program.signal(SIGSTOP)
      try await eventually("\(program.processID) stops") { Self.state(of: program.processID) == "T" }
      if (try? await database.write { db in try db.script("SELECT 1") }) != nil { break }
      program.signal(SIGCONT)
      try await Task.sleep(for: .milliseconds(2))
    }
    await database.close()
    noteInterruption()
  }

  /// Lets it go on.
  func wake(_ program: RunningProgram) throws {
    try Data().write(to: URL(filePath: "\(fireLog).\(program.processID).go"))
    program.signal(SIGCONT)
  }
}
