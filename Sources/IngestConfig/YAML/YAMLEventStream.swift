private import CYAML

/// A stream of events from libyaml's parser over bytes in memory. No pointer leaves the object.
final class YAMLEventStream {
  private let file: String
  private let bytes: [UInt8]
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// Whether libyaml could allocate its memory.
  private let isReady: Bool

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    self.bytes = bytes
    // The parser keeps a pointer to the bytes, so they need a stable address.
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    if isReady { yaml_parser_delete(parser) }
    parser.deallocate()
    input.deallocate()
  }

  func next() throws(YAMLStop) -> YAMLEvent {
    var event = yaml_event_t()
    guard isReady, yaml_parser_parse(parser, &event) == 1 else { throw YAMLStop(diagnostic: mistake()) }
    defer { yaml_event_delete(&event) }
    var result = YAMLEvent(kind: .streamEnd, origin: origin(event.start_mark))
    switch event.type {
    case YAML_STREAM_START_EVENT: result.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
    case YAML_ALIAS_EVENT: result.kind = .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let content = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      result.kind = .scalar(text: content, plain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      (result.anchor, result.tag) = (text(scalar.anchor), text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      (result.anchor, result.tag) = (text(event.data.sequence_start.anchor), text(event.data.sequence_start.tag))
    case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      (result.anchor, result.tag) = (text(event.data.mapping_start.anchor), text(event.data.mapping_start.tag))
    case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
    default: break
    }
    return result
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func origin(_ mark: yaml_mark_t) -> SettingOrigin {
    .file(file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  /// Returns libyaml's error in words for people who do not know parsers.
  private func mistake() -> Diagnostic {
    guard isReady else { return .init(.file(file, line: 1, column: 1), "out of memory") }
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
    let mark = state.problem_mark
    if state.error == YAML_READER_ERROR {
      let place = position(ofByte: Int(state.problem_offset))
      return .init(place, problem, hint: "remove the character, or write it as an escape within double quotes")
    }
    if let column = tabInIndentation(line: Int(mark.line)) {
      return .init(
        .file(file, line: Int(mark.line) + 1, column: column), "a tab in the indentation", hint: "indent with spaces")
    }
    let context = state.context.map { String(cString: $0) } ?? ""
    var hint = context.isEmpty ? "" : "\(context) that began on line \(state.context_mark.line + 1)"
    if problem == "mapping values are not allowed in this context" {
      hint = "put text that contains \": \" in quotes, and check the indentation"
    }
    return .init(origin(mark), problem, hint: hint)
  }

  private func tabInIndentation(line: Int) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: line + 1, omittingEmptySubsequences: false)
    guard line < lines.count else { return nil }
    let indentation = lines[line].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    return indentation.firstIndex(of: UInt8(ascii: "\t")).map { $0 - indentation.startIndex + 1 }
  }

  private func position(ofByte offset: Int) -> SettingOrigin {
    let before = bytes.prefix(offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count
    return .file(file, line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: column + 1)
  }
}
