import Foundation
import Glibc
import IngestTestKit

/// Runs a story on its own data folder, with the real program.
struct StoryRun {
  private let fixture: DataFolderFixture
  private let server: EmbeddingServer
  private let normalise: Normaliser
  private var values: [String: String]
  private var input = ""
  private var environment: [String: String] = [:]
  private var last: [JSONValue] = []
  private var group = ""
  private(set) var recording = Recording()

  init() throws {
    fixture = try DataFolderFixture()
    server = try EmbeddingServer(dimensions: 8)
    let port = "\(server.http.port)"
    values = ["folder": fixture.folder.path, "data": fixture.data, "port": port, "server": server.baseURL]
    normalise = try Normaliser(names: [
      fixture.folder.path: "<folder>", "127.0.0.1:\(port)": "127.0.0.1:<port>",
    ])
    try FileManager.default.createDirectory(
      atPath: fixture.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  mutating func run(_ story: Story) async throws {
    for line in try story.lines() {
      switch line {
      case .group(let name): group = name
      case .write(let path, let text): try fixture.folder.write(expand(text), to: path)
      case .remove(let path): try FileManager.default.removeItem(atPath: fixture.folder.file(path))
      case .server(let behaviour): server.turn(try Self.behaviour(behaviour))
      case .input(let text): input = text
      case .variable(let pair):
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        environment[parts[0]] = expand(parts.last ?? "")
      case .command(let words, let json): try await command(words, json: json)
      case .capture(let name, let path):
        guard let value = value(path) else {
          let last = recording.entries.last
          throw Story.Mistake(
            description: "no \(path) after: \(last?.command ?? "")\n\(last?.output ?? "")\(last?.error ?? "")")
        }
        values[name] = value
      case .work(let job, let state): try await work(expand(job), until: state)
      }
    }
  }

  private mutating func command(_ words: [String], json: Bool) async throws {
    let words = words + (json ? ["--json"] : [])
    let run = try await ProgramRun.run(
      "ingestd", words.map(expand) + ["--data", fixture.data], environment: environment, input: input,
      folder: fixture.folder.path)
    let shown = (environment.keys.sorted().map { "\($0)=…" } + ["ingestd"] + words).joined(separator: " ")
    recording.entries.append(
      Recording.Entry(
        group: group, command: shown, status: run.status, output: normalise(run.output, isJSON: json),
        error: normalise(run.error, isJSON: false)))
    last = json ? (try? JSONValue.lines(run.output)) ?? [] : []
    input = ""
    environment = [:]
  }

  /// Runs a worker until the job is as expected. The recording does not contain it.
  private func work(_ job: String, until state: String) async throws {
    let worker = try fixture.start("worker", "--concurrency", "1")
    try await fixture.eventually("the job is \(state)", in: "job", "show", job) {
      $0["state"].text == state || $0["reason"].text == state
    }
    worker.signal(SIGTERM)
    _ = try await worker.wait()
  }

  /// Replaces `{NAME}` with the captured value, and `{NAME:20}` with its first 20 characters.
  private func expand(_ text: String) -> String {
    var text = text
    for (name, value) in values {
      text = text.replacingOccurrences(of: "{\(name)}", with: value)
      while let range = text.range(of: "\\{\(name):[0-9]+\\}", options: .regularExpression) {
        let count = Int(text[range].dropFirst(name.count + 2).dropLast()) ?? 0
        text.replaceSubrange(range, with: value.prefix(count))
      }
    }
    return text
  }

  private func value(_ path: String) -> String? {
    var value = JSONValue.list(last)
    for part in path.split(separator: ".") { value = Int(part).map { value[$0] } ?? value[String(part)] }
    if case .number(let number) = value { return "\(Int(number))" }
    return value.text.isEmpty ? nil : value.text
  }

  private static func behaviour(_ text: String) throws -> EmbeddingServer.Behaviour {
    switch text {
    case "good": return .good
    case "quota": return .quota
    case "drop": return .drop
    default:
      guard let status = Int(text) else { throw Story.Mistake(description: "no behaviour: \(text)") }
      return .status(status)
    }
  }
}
