import IngestCore
import IngestProcess
private import Synchronization

/// The output of a running program: its standard error as log lines, and its messages as progress and cursor. All sizes
/// are bounded, so a program that never stops writing does no harm.
final class ProgramJournal: Sendable {
  /// The most bytes of log that one try keeps. The rest is dropped, because the beginning is usually more useful.
  static let logLimit = 64 * 1024
  private static let lineLimit = 4096
  /// The most bytes of log lines in one save.
  private static let saveLimit = 16 * 1024
  /// The most bytes of a message.
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
  /// Yields a value when there may be something to save.
  let changes: AsyncStream<Void>
  private let change: AsyncStream<Void>.Continuation

  init() {
    (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var lastLine: String? { state.withLock { $0.lastLine } }

  func hear(_ word: ProgramWord) {
    state.withLock { state in
      switch word {
      case .error(let bytes): for line in state.error.add(bytes) { Self.log(line, &state) }
      case .message(let bytes): for line in state.messages.add(bytes) { Self.read(line, &state) }
      }
    }
    change.yield()
  }

  /// Returns what is new since the last save. Nil if nothing is.
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

  /// Returns everything that is not saved yet. Call it after the program has ended.
  func close() -> StepSave? {
    change.finish()
    return state.withLock { state in
      if let line = state.error.rest() { Self.log(line, &state) }
      if let line = state.messages.rest() { Self.read(line, &state) }
      if state.dropped > 0 { state.lines.append("… \(state.dropped) more bytes were not kept") }
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

  /// Reads a message such as `{"cursor": …, "progress": {"done": 3, "total": 10, "unit": "rows"}}`.
  private static func read(_ line: [UInt8], _ state: inout State) {
    guard let message = JSONValue(parsing: line), case .object = message else {
      return log(Array("ingestd: ignored a message that is not a JSON object".utf8), &state)
    }
    if let cursor = message["cursor"]?.description {
      if cursor.utf8.count <= StepOutput.resultLimit {
        state.cursor = cursor
        state.isNew = true
      } else {
        let note = "ingestd: ignored a cursor of \(cursor.utf8.count) bytes (at most \(StepOutput.resultLimit))"
        log(Array(note.utf8), &state)
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

/// A buffer that splits bytes into lines. Of a line that is too long it keeps only the beginning.
private struct LineBuffer {
  let limit: Int
  private var line: [UInt8] = []
  private var hasBegun = false

  init(limit: Int) { self.limit = limit }

  /// - Returns: the lines that are now complete.
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

  /// Returns the last line if it has no line end.
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
