import IngestCore
import IngestProcess
private import Synchronization

/// What a program says while it runs: its standard error as log lines, and its messages as progress and cursor. Bounded, so
/// that one that never stops talking costs nothing.
final class ProgramJournal: Sendable {
  /// Bytes of log that one try may leave; the last of it is lost, for the beginning mostly tells more.
  static let logLimit = 64 * 1024
  private static let lineLimit = 4096
  /// Bytes of lines that one save takes.
  private static let saveLimit = 16 * 1024
  /// Bytes of a message, at most.
  private static let messageLimit = 2 * StepOutput.resultLimit

  private struct State {
    var error = LineBuffer(limit: lineLimit)
    var messages = LineBuffer(limit: messageLimit)
    var lines: [String] = []
    var kept = 0
    var heard = 0
    var dropped = 0
    var lastLine: String?
    var cursor: String?
    var progress: StepProgress?
    var isNew = false
  }

  private let state = Mutex(State())
  /// Rings when there may be something to take.
  let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation

  init() {
    (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var lastLine: String? { state.withLock { $0.lastLine } }

  func hear(_ word: ProgramWord) {
    state.withLock { state in
      switch word {
      case .error(let bytes): for line in state.error.add(bytes) { Self.log(line, &state) }
      case .message(let bytes): for line in state.messages.add(bytes) { Self.read(line, &state) }
      }
    }
    ring.yield()
  }

  /// What there is to be saved since the last time; nil for nothing.
  func take() -> StepSave? {
    state.withLock { state in
      var size = 0
      let count = state.lines.prefix { line in
        size += line.utf8.count
        return size <= Self.saveLimit
      }.count
      guard count > 0 || state.isNew else { return nil }
      let save = StepSave(
        progress: state.progress ?? StepProgress(done: state.heard, unit: "lines"), cursor: state.cursor,
        log: Array(state.lines.prefix(count)))
      state.lines.removeFirst(count)
      state.cursor = nil
      state.isNew = false
      return save
    }
  }

  /// Everything that is left, when the program has ended.
  func close() -> StepSave? {
    ring.finish()
    return state.withLock { state in
      if let line = state.error.rest() { Self.log(line, &state) }
      if let line = state.messages.rest() { Self.read(line, &state) }
      if state.dropped > 0 { state.lines.append("… \(state.dropped) bytes more were not kept") }
      guard !state.lines.isEmpty || state.isNew else { return nil }
      return StepSave(
        progress: state.progress ?? StepProgress(done: state.heard, unit: "lines"), cursor: state.cursor,
        log: state.lines)
    }
  }

  private static func log(_ line: [UInt8], _ state: inout State) {
    state.heard += 1
    let text = String(decoding: line, as: UTF8.self)
    if text.contains(where: { !$0.isWhitespace }) { state.lastLine = text }
    guard state.kept + line.count <= logLimit else {
      state.dropped += line.count
      return
    }
    state.kept += max(1, line.count)
    state.lines.append(text)
  }

  /// `{"cursor": …, "progress": {"done": 3, "total": 10, "unit": "rows"}}`.
  private static func read(_ line: [UInt8], _ state: inout State) {
    guard let message = JSONValue(parsing: line), case .object = message else {
      return log(Array("ingestd: a message that is no JSON object was ignored".utf8), &state)
    }
    if let cursor = message["cursor"]?.description {
      if cursor.utf8.count <= StepOutput.resultLimit {
        state.cursor = cursor
        state.isNew = true
      } else {
        let told = "ingestd: a cursor of \(cursor.utf8.count) bytes was ignored; \(StepOutput.resultLimit) are the most"
        log(Array(told.utf8), &state)
      }
    }
    guard case .integer(let done)? = message["progress"]?["done"], done >= 0 else { return }
    var progress = StepProgress(done: done, unit: "items")
    if case .integer(let total)? = message["progress"]?["total"], total >= 0 { progress.total = total }
    if case .text(let unit)? = message["progress"]?["unit"] { progress.unit = unit.start(scalars: 40) }
    state.progress = progress
    state.isNew = true
  }
}

/// Cuts bytes into lines; of a line that is too long the beginning is kept.
private struct LineBuffer {
  let limit: Int
  private var line: [UInt8] = []
  private var hasBegun = false

  init(limit: Int) { self.limit = limit }

  /// - Returns: the lines that are whole now.
  mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      append(rest[..<end])
      lines.append(line)
      line = []
      hasBegun = false
      rest = rest[(end + 1)...]
    }
    if !rest.isEmpty { append(rest) }
    return lines
  }

  /// A last line without its end.
  mutating func rest() -> [UInt8]? {
    defer { (line, hasBegun) = ([], false) }
    return hasBegun ? line : nil
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    hasBegun = true
    line += bytes.prefix(limit - line.count)
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
  }
}
