import FoundationEssentials
import Glibc
import IngestTestKit

extension ChaosSite {
  /// Whether a program has come to the point at which it is to be stopped.
  func isHalted(_ program: RunningProgram) -> Bool {
    FileManager.default.fileExists(atPath: "\(fireLog).\(program.processID).halted")
  }

  /// Waits for a program to come to its point, and stops it while it is in no transaction.
  func stop(_ program: RunningProgram) async throws {
    try await eventually("\(program.processID) comes to its point") { isHalted(program) }
    // Twice as long each time: on a busy machine it does not run at once.
    var pause = Duration.milliseconds(2)
    while true {
      program.signal(SIGSTOP)
      try await eventually("\(program.processID) stops") { Self.state(of: program.processID) == "T" }
      if !Self.locksForWriting(program.processID) { break }
      program.signal(SIGCONT)
      try await Task.sleep(for: pause)
      pause *= 2
    }
    noteInterruption()
  }

  /// Whether a process holds a lock that others cannot share: that of a transaction.
  private static func locksForWriting(_ process: Int32) -> Bool {
    let locks = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
    return locks.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      return words.contains("POSIX") && words.contains("WRITE") && words.contains(Substring(String(process)))
    }
  }

  /// Lets it go on.
  func wake(_ program: RunningProgram) throws {
    try Data().write(to: URL(filePath: "\(fireLog).\(program.processID).go"))
    program.signal(SIGCONT)
  }
}
