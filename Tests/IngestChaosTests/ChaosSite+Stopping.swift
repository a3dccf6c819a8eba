import FoundationEssentials
import Glibc
import IngestTestKit

extension ChaosSite {
  /// Returns whether a program has reached the point at which it is to be stopped.
  func isHalted(_ program: RunningProgram) -> Bool {
    FileManager.default.fileExists(atPath: "\(fireLog).\(program.processID).halted")
  }

  /// Waits until a program reaches its point, and stops it while it is in no transaction.
  func stop(_ program: RunningProgram) async throws {
    try await eventually("\(program.processID) reaches its point") { isHalted(program) }
    // Waits twice as long each time, since on a busy machine the program does not run at once.
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

  /// Returns whether a process holds an exclusive lock, as a transaction does.
  private static func locksForWriting(_ process: Int32) -> Bool {
    let locks = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
    return locks.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      return words.contains("POSIX") && words.contains("WRITE") && words.contains(Substring(String(process)))
    }
  }

  /// Lets a stopped program continue.
  func wake(_ program: RunningProgram) throws {
    try Data().write(to: URL(filePath: "\(fireLog).\(program.processID).go"))
    program.signal(SIGCONT)
  }
}
