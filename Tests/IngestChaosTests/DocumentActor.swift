import FoundationEssentials
import Glibc
import IngestCore
import IngestTestKit

/// A user who submits, changes and deletes documents of a source, and keeps a ledger of what was acknowledged. Some of
/// the programs that it runs are killed.
struct DocumentActor {
  let site: ChaosSite
  let source: String
  let count: Int
  private(set) var ledger = Ledger()
  private(set) var findings: [String] = []
  /// The number of programs that were killed.
  private(set) var kills = 0
  private var random: SplitMix
  private var versions = 0

  init(_ site: ChaosSite, source: String, count: Int, seed: UInt64) throws {
    self.site = site
    self.source = source
    self.count = count
    random = SplitMix(seed: seed)
    try FileManager.default.createDirectory(atPath: inbox, withIntermediateDirectories: true)
  }

  private var inbox: String { "\(site.inbox)/\(source)" }

  private func uri(_ number: Int) -> String { "\(source)-\(number).md" }

  /// Submits all documents, without kills.
  mutating func submitAll() async throws { try await submit(Array(0..<count), fate: .lives) }

  /// Does one random action.
  mutating func act() async throws {
    let fate: Fate = random.one(in: 4) ? .one(of: &random) : .lives
    let numbers = Set((0..<3).map { _ in Int.random(in: 0..<count, using: &random) }).sorted()
    if random.one(in: 4),
      let number = numbers.first(where: { ledger.entries[uri($0)]?.acknowledged?.version.word != nil })
    {
      try await delete(number, fate: fate)
    } else {
      try await submit(numbers, fate: fate)
    }
  }

  /// The fate of the program that asks.
  enum Fate {
    case lives
    case diesAt(CrashPoint)
    /// Killed from outside, this long after its start.
    case diesAfter(Duration)

    static func one(of random: inout SplitMix) -> Fate {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: .diesAt(.submitBefore)
      case 1: .diesAt(.submitAfter)
      case 2: .diesAt([.noteBefore, .noteAfter][Int.random(in: 0...1, using: &random)])
      default: .diesAfter(.milliseconds(Int.random(in: 10...120, using: &random)))
      }
    }
  }

  private mutating func submit(_ numbers: [Int], fate: Fate) async throws {
    var words: [String: String] = [:]
    var paths: [String] = []
    for number in numbers {
      versions += 1
      let word = "zq\(source)\(versions)x"
      let mark = "zm\(source)\(number)x"
      let path = "\(inbox)/\(uri(number))"
      let size: Papers.Size = number.isMultiple(of: 15) ? .large : .small
      try Papers.text(mark: mark, word: word, size: size).write(toFile: path, atomically: true, encoding: .utf8)
      ledger.ask(uri(number), mark: mark, source: source, word: word)
      words[uri(number)] = word
      paths.append(path)
    }
    let run = try await perform(["submit"] + paths + ["--root", inbox, "--source", source, "--json"], fate)
    note(run, words.mapValues { $0 })
  }

  private mutating func delete(_ number: Int, fate: Fate) async throws {
    let run = try await perform(["delete", uri(number), "--source", source, "--json"], fate)
    note(run, [uri(number): nil])
  }

  private mutating func perform(_ words: [String], _ fate: Fate) async throws -> ProgramRun {
    let run: ProgramRun
    switch fate {
    case .lives: run = try await site.run(words)
    case .diesAt(let point): run = try await site.run(words, order: FireOrder(point))
    case .diesAfter(let time):
      let program = try site.start(words)
      try await Task.sleep(for: time)
      program.signal(SIGKILL)
      run = ProgramRun(
        status: try await program.wait(), output: program.output, error: program.error)
    }
    if run.status == ChaosSite.killed { kills += 1 }
    return run
  }

  /// Records a program's output. Each printed line is acknowledged, even if the program was killed afterwards; the rest
  /// is unknown.
  private mutating func note(_ run: ProgramRun, _ asked: [String: String?]) {
    var open = asked
    if run.status != 0, run.status != ChaosSite.killed {
      findings.append("\(source) ended with \(run.status): \(run.output) \(run.error)")
    }
    for line in run.lines {
      guard let report = try? TestJSON.decode(SubmitReport.self, String(line)) else { continue }
      guard let word = open.removeValue(forKey: report.uri) else {
        findings.append("a report without a request: \(line)")
        continue
      }
      // A delete whose program was killed may have taken place.
      let isSettled = word == nil && ledger.entries[report.uri]?.unknown.last == Ledger.Version(word: nil)
      if report.outcome != "accepted", !isSettled { findings.append("not accepted: \(line)") }
      if let wrong = ledger.acknowledge(report.uri, revision: report.revision, word: word) { findings.append(wrong) }
    }
    if run.status == 0, !open.isEmpty { findings.append("no report on \(open.keys.sorted())") }
    for (uri, word) in open { ledger.leaveUnknown(uri, word: word) }
  }
}
