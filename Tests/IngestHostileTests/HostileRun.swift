import Foundation
import Glibc
import IngestCore
import IngestDocuments
import IngestTestKit
import Synchronization

/// Reads documents through a pool of parser processes and records every broken promise. It trusts no report of the
/// pool.
final class HostileRun: Sendable {
  /// The outcome of one document.
  struct End: Sendable {
    var text: String?
    var failure: Failure?
    var time: Duration
  }

  /// The limits that the run checks. The pool keeps the same ones, unless a fault is injected.
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

  /// The expected kind of each refusal, by its code.
  static let kinds: [String: Failure.Kind] = [
    "PDF_DAMAGED": .permanent, "PDF_ENCRYPTED": .permanent, "PDF_NO_PAGES": .permanent, "NO_TEXT": .permanent,
    "PAGE_LIMIT": .permanent, "TEXT_LIMIT": .permanent, "EMPTY_FILE": .permanent, "UNSUPPORTED_TYPE": .permanent,
    "TEXT_ENCODING": .permanent, "PARSER_CRASHED": .poison, "PARSER_TIMEOUT": .poison, "PARSER_MEMORY": .poison,
  ]

  /// - Parameter grace: time past the limit in which a busy machine may still end a process. A process that the pool
  ///   never ends takes longer in any case.
  init(pool: ParserPool, limits: ParserLimits, enforced: ParserLimits? = nil, grace: Duration = .seconds(120)) {
    self.pool = pool
    self.limits = limits
    self.enforced = enforced ?? limits
    self.grace = grace
  }

  /// How often each outcome occurred: `text`, or the code of the refusal.
  var counts: [String: Int] { state.withLock { $0.counts } }
  /// The promises that did not hold, in words.
  var broken: [String] { state.withLock { $0.broken } }
  var slowest: Duration { state.withLock { $0.slowest } }
  /// The ids of all parser processes that were seen at work.
  var children: Set<Int32> { state.withLock { $0.children } }

  /// Reads a document whose outcome is not known.
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

  /// Reads a good document, whose text is known.
  func good(_ name: String, _ bytes: [UInt8], text: String) async {
    let end = await read(name, bytes)
    if end.text != text { note("\(name): a good document ends in \(end.failure?.message ?? "another text")") }
    if end.time > limits.wallTime + grace { note("\(name): took \(end.time)") }
  }

  /// Expects that this process is gone at the end.
  func expectEnd(of pid: Int32) { state.withLock { _ = $0.children.insert(pid) } }

  /// Closes the pool after the last document, and checks that no process is left behind.
  func close(patience: Duration = Patience.limit) async {
    await pool.close()
    let end = ContinuousClock.now + patience
    var left = children
    while !left.isEmpty, ContinuousClock.now < end {
      left = left.filter { kill($0, 0) == 0 }
      // The kernel may need a moment to remove an ended process.
      if !left.isEmpty { try? await Task.sleep(for: Patience.interval) }
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

  /// Records the processes at work, and checks their memory.
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
      // An earlier large document may have added its own size.
      if peak * 1024 > limits.memory + max(size, 16 << 20) { note("a parser process used \(peak) kB") }
    }
  }

  private func note(_ what: String) { state.withLock { $0.broken.append(what) } }
}
