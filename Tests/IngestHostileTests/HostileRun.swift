import Foundation
import Glibc
import IngestCore
import IngestDocuments
import Synchronization

/// Puts documents through a pool of parser processes, and says what must not be: it believes nothing of the pool.
final class HostileRun: Sendable {
  /// How one document ended.
  struct End: Sendable {
    var text: String?
    var failure: Failure?
    var time: Duration
  }

  /// What the run judges by, and what the pool is told to keep to: the same, unless a fault is injected.
  let limits: ParserLimits
  private let enforced: ParserLimits
  private let grace: Duration
  private let pool: ParserPool
  private let state = Mutex(State())

  private struct State {
    var counts: [String: Int] = [:]
    var broken: [String] = []
    var children: Set<Int32> = []
    var slowest: Duration = .zero
  }

  /// What a refusal may be, by its code.
  static let kinds: [String: Failure.Kind] = [
    "PDF_DAMAGED": .permanent, "PDF_ENCRYPTED": .permanent, "PDF_NO_PAGES": .permanent, "NO_TEXT": .permanent,
    "PAGE_LIMIT": .permanent, "TEXT_LIMIT": .permanent, "EMPTY_FILE": .permanent, "UNSUPPORTED_TYPE": .permanent,
    "TEXT_ENCODING": .permanent, "PARSER_CRASHED": .poison, "PARSER_TIMEOUT": .poison, "PARSER_MEMORY": .poison,
  ]

  /// - Parameter grace: past the limit, for a process to be ended on a busy machine.
  init(pool: ParserPool, limits: ParserLimits, enforced: ParserLimits? = nil, grace: Duration = .seconds(5)) {
    self.pool = pool
    self.limits = limits
    self.enforced = enforced ?? limits
    self.grace = grace
  }

  /// Ends by outcome: `text`, or the code of the refusal.
  var counts: [String: Int] { state.withLock { $0.counts } }
  /// Promises that did not hold, in words.
  var broken: [String] { state.withLock { $0.broken } }
  var slowest: Duration { state.withLock { $0.slowest } }
  /// Of all parser processes that were seen at work.
  var children: Set<Int32> { state.withLock { $0.children } }

  /// A document of which nothing is known.
  func hostile(_ name: String, _ bytes: [UInt8]) async {
    let end = await read(name, bytes)
    let outcome = end.failure?.code ?? "text"
    state.withLock {
      $0.counts[outcome, default: 0] += 1
      $0.slowest = max($0.slowest, end.time)
    }
    if let failure = end.failure {
      if Self.kinds[failure.code] != failure.kind { note("\(name): \(failure.code) is \(failure.kind)") }
      if failure.message.isEmpty || failure.message.utf8.count > 2000 {
        note("\(name): \(failure.code) says too little or much")
      }
    }
    if end.time > limits.wallTime + grace { note("\(name): took \(end.time)") }
  }

  /// A good document, of which the text is known.
  func good(_ name: String, _ bytes: [UInt8], text: String) async {
    let end = await read(name, bytes)
    if end.text != text { note("\(name): a good document ends in \(end.failure?.message ?? "another text")") }
    if end.time > limits.wallTime + grace { note("\(name): took \(end.time)") }
  }

  /// A process that must be gone at the end.
  func expectEnd(of pid: Int32) { state.withLock { _ = $0.children.insert(pid) } }

  /// After the last document: no process is left behind.
  func close(patience: Duration = .seconds(10)) async {
    await pool.close()
    let clock = ContinuousClock()
    let end = clock.now + patience
    var left = children
    while !left.isEmpty, clock.now < end {
      left = left.filter { kill($0, 0) == 0 }
      // Only the kernel knows when it is done with a process.
      if !left.isEmpty { try? await clock.sleep(for: .milliseconds(20)) }
    }
    if !left.isEmpty { note("\(left.count) parser processes are left behind") }
  }

  private func read(_ name: String, _ bytes: [UInt8]) async -> End {
    let clock = ContinuousClock()
    let begun = clock.now
    var parts: [ParsedPart] = []
    var failure: Failure?
    do {
      try await DocumentReader(pool: pool, limits: enforced).read(InputDocument(name: name, content: .bytes(bytes))) {
        event in
        switch event {
        case .info: await look(bytes.count)
        case .part(let part): parts.append(part)
        }
      }
    } catch {
      failure = Failure(error)
    }
    let time = clock.now - begun
    await look(bytes.count)
    return End(text: failure == nil ? DocumentText(parts: parts).text : nil, failure: failure, time: time)
  }

  /// Remembers the processes at work, and looks at their memory.
  private func look(_ size: Int) async {
    let pids = await pool.processesAtWork
    let known = state.withLock { state in
      state.children.formUnion(pids)
      return state.children
    }
    for pid in known {
      guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmPeak:") }),
        let peak = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      else { continue }
      // A large document before this one had its own size on top.
      if peak * 1024 > limits.memory + max(size, 16 << 20) { note("a parser process came to \(peak) kB") }
    }
  }

  private func note(_ what: String) { state.withLock { $0.broken.append(what) } }
}
