/// The place of a value or of a mistake.
package enum SettingOrigin: Hashable, Sendable {
  /// The default.
  case builtIn
  /// Lines and columns count from 1, columns in Unicode scalars.
  case file(String, line: Int, column: Int)
  /// The name of the variable.
  case environment(String)
  /// The path of the key that the command line set.
  case flag(String)

  /// The file. Nil if the origin is not a file.
  package var file: String? {
    if case .file(let name, _, _) = self { name } else { nil }
  }

  package var line: Int? {
    if case .file(_, let line, _) = self { line } else { nil }
  }

  package var column: Int? {
    if case .file(_, _, let column) = self { column } else { nil }
  }
}

extension SettingOrigin: CustomStringConvertible {
  /// The origin as `ingestd config` prints it: `default`, `file:line`, `environment NAME` or `flag key`.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let name, let line, _): "\(name):\(line)"
    case .environment(let name): "environment \(name)"
    case .flag(let key): "flag \(key)"
    }
  }
}
