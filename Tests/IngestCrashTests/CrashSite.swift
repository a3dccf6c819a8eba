import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// A data folder under fire, its documents, and a ledger of what was acknowledged.
final class CrashSite {
  /// What must be true of one document, as of the last acknowledged submit or delete.
  private struct Entry {
    var revision: Int
    /// Nil once deleted. The word occurs in no other version of any document.
    var word: String?
  }

  let folder: TemporaryFolder
  let server: EmbeddingServer
  private let documents: Int
  private var ledger: [String: Entry] = [:]
  private var words = 0

  var data: String { folder.file("data") }
  private var inbox: String { folder.file("inbox") }

  init(documents: Int) async throws {
    folder = try TemporaryFolder("crash")
    server = try EmbeddingServer(dimensions: 16)
    self.documents = documents
    for path in [data, inbox] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let configuration = """
      default-embedder: fake
      embedders:
        fake:
          provider: openai
          model: fake
          dimensions: 16
          base-url: \(server.baseURL)
      """
    try configuration.write(toFile: data + "/ingestd.yaml", atomically: true, encoding: .utf8)
  }

  // MARK: - Programs

  func startWorker() throws -> RunningProgram {
    try RunningProgram("ingestd", ["worker", "--concurrency", "4", "--data", data], folder: folder.path)
  }

  func run(_ words: [String], input: String = "", timeout: Duration = .seconds(60)) async throws -> ProgramRun {
    try await ProgramRun.run(
      "ingestd", words + ["--data", data], input: input, folder: folder.path, timeout: timeout)
  }

  // MARK: - Documents

  func submitAll() async throws {
    for number in 0..<documents { try write(number) }
    let result = try await run(["submit", inbox, "--root", inbox, "--json"])
    #expect(result.status == 0, "\(result.error)")
    for line in result.lines { try note(line) }
    #expect(ledger.count == documents)
  }

  /// Changes some documents, deletes some and brings some back.
  func changeSome(using random: inout SeededGenerator) async throws {
    var changed: [String] = []
    for _ in 0..<6 {
      let number = Int.random(in: 0..<documents, using: &random)
      let uri = Self.name(number)
      if changed.contains(inbox + "/" + uri) { continue }
      if ledger[uri]?.word != nil, Int.random(in: 0..<4, using: &random) == 0 {
        let result = try await run(["delete", uri, "--json"])
        #expect(result.status == 0, "\(result.output) \(result.error)")
        ledger[uri] = Entry(revision: (ledger[uri]?.revision ?? 0) + 1, word: nil)
      } else {
        try write(number)
        changed.append(inbox + "/" + uri)
      }
    }
    let result = try await run(["submit"] + changed + ["--root", inbox, "--json"])
    #expect(result.status == 0, "\(result.output) \(result.error)")
    for line in result.lines { try note(line) }
  }

  private static func name(_ number: Int) -> String { "document-\(number).md" }

  private var pending: [String: String] = [:]

  /// A document of a few chunks with a word of its own; every tenth is long.
  private func write(_ number: Int) throws {
    words += 1
    let word = "zq\(words)x"
    let sections = number.isMultiple(of: 10) ? 60 : 3
    var text = "# Document \(number)\n\nIts word is \(word).\n"
    for section in 1...sections {
      text += "\n## Section \(section)\n\n"
      text += String(repeating: "Section \(section) of version \(words) says little at some length. ", count: 12) + "\n"
    }
    try text.write(toFile: inbox + "/" + Self.name(number), atomically: true, encoding: .utf8)
    pending[Self.name(number)] = word
  }

  private struct Submitted: Decodable {
    var uri: String
    var revision: Int
    var outcome: String
  }

  private func note(_ line: Substring) throws {
    let submitted = try TestJSON.decode(Submitted.self, String(line))
    #expect(submitted.outcome == "accepted", "\(line)")
    ledger[submitted.uri] = Entry(revision: submitted.revision, word: pending[submitted.uri])
  }

  // MARK: - Waiting

  private struct Status: Decodable {
    struct Worker: Decodable {
      var process: Int32
      var running: Int
    }

    var running: Int
    var workers: [Worker]
  }

  private func status() async throws -> Status {
    let result = try await run(["status", "--json"])
    // A worker that has just begun may not have made its database yet.
    guard result.status == 0 else { return Status(running: 0, workers: []) }
    return try TestJSON.decode(Status.self, result.output)
  }

  func waitForWorkers(_ count: Int) async throws {
    try await eventually { try await self.status().workers.count == count }
  }

  func waitForRunning(_ count: Int, by worker: RunningProgram? = nil) async throws {
    guard let worker else { return try await eventually { try await self.status().running == count } }
    // Read where it lies: starting a program for each look would take longer than what is measured.
    var options = DatabaseOptions(mode: .readOnly)
    options.readers = 1
    let database = try Database(path: data + "/ingestd.db", options: options)
    try await eventually {
      try await database.read { db in
        try db.first(
          """
          SELECT count(*) FROM jobs j JOIN workers w ON w.key = j.worker_key
          WHERE j.state = 'running' AND w.process = \(worker.processID)
          """
        ) { $0.int(0) }
      } == count
    }
    await database.close()
  }

  private func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw NeverHappened() }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  struct NeverHappened: Error {}

  // MARK: - Judging

  private struct Document: Decodable {
    var revision: Int
    var held: Int?
    var deleted: Bool
  }

  private struct Answer: Decodable {
    struct Hit: Decodable {
      var uri: String
      var text: String
    }

    var hits: [Hit]
  }

  /// Every acknowledged version, and no other, can be found.
  func expectLedger() async throws {
    for (uri, entry) in ledger.sorted(by: { $0.key < $1.key }) {
      let shown = try await run(["document", "show", uri, "--json"])
      let document = try TestJSON.decode(Document.self, shown.output)
      #expect(document.revision == entry.revision, "\(uri)")
      #expect(document.held == entry.revision, "\(uri)")
      #expect(document.deleted == (entry.word == nil), "\(uri)")
    }
    // A sample is searched; `index verify` has looked at every chunk.
    for (uri, entry) in ledger.sorted(by: { $0.key < $1.key }).prefix(40) {
      guard let word = entry.word else { continue }
      let found = try await run(["search", word, "--mode", "keyword", "--json"])
      let hits = try TestJSON.decode(Answer.self, found.output).hits
      #expect(hits.map(\.uri) == [uri], "\(word): \(found.output)")
    }
  }

  /// By the journal, no step was checkpointed twice and no job is left open.
  func expectJournal() async throws {
    let database = try Database(path: data + "/ingestd.db", options: DatabaseOptions(mode: .existing))
    let (twice, open, dead, reclaimed) = try await database.read { db in
      (
        try db.first(
          """
          SELECT count(*) FROM (SELECT 1 FROM journal WHERE kind = 'checkpointed' GROUP BY job_key, data
            HAVING count(*) > 1)
          """
        ) { $0.int(0) },
        try db.first("SELECT count(*) FROM jobs WHERE finished_at IS NULL") { $0.int(0) },
        try db.first("SELECT count(*) FROM jobs WHERE state = 'dead'") { $0.int(0) },
        try db.first("SELECT count(*) FROM journal WHERE kind = 'reclaimed'") { $0.int(0) }
      )
    }
    await database.close()
    #expect(twice == 0)
    #expect(open == 0)
    #expect(dead == 0)
    print("crash test: \(reclaimed ?? 0) jobs were taken over from killed workers")
    #expect((reclaimed ?? 0) > 0)
  }

  /// Asked again was only what had no committed answer when its worker was killed: at most the requests in flight.
  func expectPayments(kills: Int) {
    var seen: Set<String> = []
    var repeated = 0
    for request in server.paid {
      if request.contains(where: { seen.contains($0) }) { repeated += 1 }
      seen.formUnion(request)
    }
    print("crash test: \(repeated) of \(server.paid.count) requests were paid for again")
    #expect(repeated <= kills * 4)
  }
}
