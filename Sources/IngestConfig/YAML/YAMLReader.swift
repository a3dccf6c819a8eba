/// A reader of one YAML file into a tree.
package enum YAMLReader {
  /// Returns the file's only document. Nil if the file is empty or too broken to read.
  ///
  /// Appends mistakes to `diagnostics`. A syntax error stops the reader; a repeated key or an unsupported tag does not.
  /// A UTF-8 byte order mark is skipped.
  package static func read(
    _ bytes: [UInt8], file: String, limits: YAMLLimits = .init(), diagnostics: inout [Diagnostic]
  ) -> YAMLNode? {
    guard bytes.count <= limits.bytes else {
      diagnostics.append(
        .init(
          .file(file, line: 1, column: 1), "the file has \(bytes.count) bytes",
          hint: "at most \(limits.bytes) are read"))
      return nil
    }
    if let mistake = encodingMistake(bytes, file: file) {
      diagnostics.append(mistake)
      return nil
    }
    let stream = YAMLEventStream(bytes, file: file)
    var composer = YAMLComposer(stream: stream, file: file, limits: limits)
    do throws(YAMLStop) {
      let root = try composer.document()
      diagnostics += composer.diagnostics
      return root
    } catch {
      diagnostics += composer.diagnostics
      diagnostics.append(error.diagnostic)
      return nil
    }
  }

  /// Returns a mistake for the first byte that is not UTF-8. Nil if there is none.
  private static func encodingMistake(_ bytes: [UInt8], file: String) -> Diagnostic? {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .init(.file(file, line: 1, column: 1), "the file is UTF-16", hint: "save it as UTF-8")
    }
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    var (line, column) = (1, 1)
    while true {
      switch decoder.decode(&rest) {
      case .emptyInput: return nil
      case .error:
        return .init(
          .file(file, line: line, column: column), "a byte that is not UTF-8", hint: "save the file as UTF-8")
      case .scalarValue("\n"): (line, column) = (line + 1, 1)
      case .scalarValue: column += 1
      }
    }
  }
}

/// A mistake after which the rest of the file cannot be read.
struct YAMLStop: Error {
  var diagnostic: Diagnostic
}
