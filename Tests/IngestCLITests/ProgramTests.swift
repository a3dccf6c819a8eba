import Foundation
import IngestTestKit
import Testing

@Suite("The program ingestd")
struct ProgramTests {
  @Test("--version prints one line")
  func version() async throws {
    let run = try await ProgramRun.run("ingestd", ["--version"])
    #expect(run.status == 0)
    #expect(run.lines.count == 1)
    #expect(run.output.hasPrefix("ingestd "))
    #expect(run.error == "")
  }

  @Test("-h and no arguments print the overview")
  func help() async throws {
    for arguments in [["-h"], [], ["help"]] {
      let run = try await ProgramRun.run("ingestd", arguments)
      #expect(run.status == 0)
      #expect(run.output.contains("Usage: ingestd COMMAND"))
    }
  }

  @Test("an unknown command exits 2 with the nearest name")
  func unknown() async throws {
    let run = try await ProgramRun.run("ingestd", ["serach", "x"])
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.error.contains("did you mean `ingestd search`?"))
  }

  @Test("a command without its data folder exits 3 and creates nothing")
  func noData() async throws {
    let folder = try TemporaryFolder()
    let run = try await ProgramRun.run("ingestd", ["status"], folder: folder.path)
    #expect(run.status == 3)
    #expect(run.error.contains("DATA_FOLDER_MISSING"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  /// Runs the program with its standard output as the test wants.
  private func run(_ arguments: [String], output: Any) throws -> (
    status: Int32, reason: Process.TerminationReason, error: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: RunningProgram.path(of: "ingestd"))
    process.arguments = arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = output
    try process.run()
    let error = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, process.terminationReason, String(decoding: error, as: UTF8.self))
  }

  @Test("output into a closed pipe ends the program quietly")
  func closedPipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let result = try run(["-h"], output: pipe)
    #expect(result == (0, .exit, ""))
  }

  @Test("a full disk under the output ends the program with exit 1 and a message")
  func fullDisk() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let result = try run(["-h"], output: full)
    #expect(result.status == 1)
    #expect(result.error.contains("OUTPUT_FAILED"))
  }
}
