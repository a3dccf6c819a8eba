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

  @Test("a command without its data folder exits 3 and makes nothing")
  func noData() async throws {
    let folder = try TemporaryFolder()
    let run = try await ProgramRun.run("ingestd", ["status"], folder: folder.path)
    #expect(run.status == 3)
    #expect(run.error.contains("DATA_FOLDER_MISSING"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a closed pipe ends it quietly, a full disk with exit 1")
  func pipes() async throws {
    let program = RunningProgram.path(of: "ingestd")
    func shell(_ script: String) throws -> (Int32, String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "set -o pipefail; \(script)"]
      let pipe = Pipe()
      process.standardError = pipe
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let error = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: error, as: UTF8.self))
    }
    #expect(try shell("for i in 1 2 3 4 5; do '\(program)' completion zsh | head -c 1; done") == (0, ""))
    let full = try shell("'\(program)' -h > /dev/full")
    #expect(full.0 == 1)
    #expect(full.1.contains("OUTPUT_FAILED"))
  }
}
