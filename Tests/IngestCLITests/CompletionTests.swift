import Foundation
import IngestChaosCommand
import IngestCLI
import IngestTestKit
import Testing

@Suite("Shell completion")
struct CompletionTests {
  private func bash(_ script: String, in folder: TemporaryFolder) throws -> (status: Int32, output: String) {
    try shell("/bin/bash", ["--norc", "-c", script], in: folder)
  }

  private func shell(_ path: String, _ arguments: [String], in folder: TemporaryFolder) throws -> (
    status: Int32, output: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Returns what bash offers for the words of a line. The last word is being typed.
  private func offered(_ words: [String]) throws -> [String] {
    try TemporaryFolder.with { (folder: TemporaryFolder) throws in
      try CompletionScript(tree: .withChaos).text(.bash).write(
        toFile: folder.file("ingestd.bash"), atomically: true, encoding: .utf8)
      for name in ["a file.pdf", "other.txt"] { try folder.write("x", to: name) }
      try FileManager.default.createDirectory(atPath: folder.file("sub"), withIntermediateDirectories: true)
      let list = words.map { "'\($0)'" }.joined(separator: " ")
      let result = try bash(
        """
        source ./ingestd.bash
        COMP_WORDS=(\(list)); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
        _ingestd
        printf '%s\\n' "${COMPREPLY[@]}"
        """, in: folder)
      return result.output.split(separator: "\n").map(String.init)
    }
  }

  @Test("bash accepts the script")
  func syntax() throws {
    try TemporaryFolder.with { (folder: TemporaryFolder) throws in
      try CompletionScript(tree: .withChaos).text(.bash).write(
        toFile: folder.file("s"), atomically: true, encoding: .utf8)
      let result = try bash("bash -n ./s", in: folder)
      #expect(result == (0, ""))
    }
  }

  @Test(
    "other installed shells accept their scripts",
    arguments: [(CompletionScript.Shell.zsh, "/usr/bin/zsh"), (.fish, "/usr/bin/fish")])
  func others(_ kind: CompletionScript.Shell, _ path: String) throws {
    guard FileManager.default.isExecutableFile(atPath: path) else { return }
    try TemporaryFolder.with { (folder: TemporaryFolder) throws in
      try CompletionScript(tree: .withChaos).text(kind).write(
        toFile: folder.file("s"), atomically: true, encoding: .utf8)
      let result = try shell(path, ["-n", "./s"], in: folder)
      #expect(result == (0, ""))
    }
  }

  @Test("bash offers commands, options, choices and files")
  func cases() throws {
    #expect(try offered(["ingestd", "se"]) == ["search"])
    #expect(
      try offered(["ingestd", "job", ""]) == [
        "run", "list", "show", "wait", "logs", "cancel", "retry", "replay", "signal", "approve",
      ])
    #expect(try offered(["ingestd", "--data", "job", "index", "ro"]) == ["rollback"])
    #expect(try offered(["ingestd", "job", "list", "--st"]) == ["--state"])
    #expect(try offered(["ingestd", "job", "list", "--state", "q"]) == ["queued"])
    #expect(try offered(["ingestd", "search", "x", "--mode", "=", "v"]) == ["vector"])
    #expect(try offered(["ingestd", "search", "x", "--mode", "="]) == ["hybrid", "vector", "keyword"])
    #expect(try offered(["ingestd", "submit", "a"]) == ["a file.pdf"])
    #expect(try offered(["ingestd", "submit", "--root", ""]) == ["sub"])
    #expect(try offered(["ingestd", "completion", ""]) == ["bash", "zsh", "fish"])
    #expect(try offered(["ingestd", "--vers"]) == ["--version"])
    #expect(try offered(["ingestd", "search", "--where", ""]) == [])
  }

  @Test("every command and option is in every script", arguments: CompletionScript.Shell.allCases)
  func complete(_ shell: CompletionScript.Shell) {
    let text = CompletionScript(tree: .withChaos).text(shell)
    for spec in CommandTree.withChaos.specs {
      #expect(text.contains(spec.name))
      for name in spec.options.flatMap(\.names) {
        let word =
          shell == .fish ? (name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst(1))") : name
        #expect(text.contains(word), "\(spec.name) \(name)")
      }
    }
  }
}
