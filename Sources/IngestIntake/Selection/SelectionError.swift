package import IngestCore

/// The reason why a file is refused, or why an argument selects no file.
package enum SelectionError: Error, Hashable, Sendable {
  case missing(path: FilePath)
  case unreadable(path: FilePath, reason: String)
  case unreadableFolder(path: FilePath, reason: String)
  case pathTooLong(path: FilePath)
  case brokenLink(path: FilePath)
  case notAFile(path: FilePath)
  case nameNotText(path: FilePath)
  case outsideRoot(path: FilePath, root: String)
  case noMatch(pattern: String)
  case noDocuments(argument: String)
  case url(String)
  case uriForMany
  case inputNeedsURI
  case badRoot(path: String, reason: String)
}

extension SelectionError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .missing(let path):
      refuse("FILE_NOT_FOUND", "There is no file \(short(path)).", missingHint(path), .notFound)
    case .unreadable(let path, let reason):
      refuse("FILE_UNREADABLE", "The file \(short(path)) cannot be read: \(reason).", "check its permissions")
    case .unreadableFolder(let path, let reason):
      refuse(
        "FOLDER_UNREADABLE", "The folder \(short(path)) cannot be read: \(reason).",
        "check its permissions, or leave it out with \(option: "exclude")")
    case .pathTooLong(let path):
      refuse(
        "PATH_TOO_LONG",
        "The path \(short(path)) is \(DecimalText.grouped(path.bytes.count)) bytes long, or a name in it is over 255; "
          + "the system takes 4,095.",
        "change to a folder nearer to the file and give a relative path")
    case .brokenLink(let path):
      refuse(
        "LINK_BROKEN", "The link \(short(path)) leads nowhere.",
        "fix or remove it, or leave it out with \(option: "exclude")")
    case .notAFile(let path):
      refuse(
        "NOT_A_FILE", "\(short(path)) is neither a file nor a folder.",
        "give the bytes of a pipe as \(Action(.submit, "-", with: ["uri": "URI"]))")
    case .nameNotText(let path):
      refuse(
        "NAME_NOT_UTF8", "The name \(short(path)) is not UTF-8, so it cannot be a uri.",
        "rename it, or give its bytes on standard input: \(Action(.submit, "-", with: ["uri": "URI"]))")
    case .outsideRoot(let path, let root):
      refuse(
        "OUTSIDE_ROOT", "The file \(short(path)) is not under the root \(root.visible).",
        "name a folder with \(option: "root") that all files are under, links resolved", .invalid)
    case .noMatch(let pattern):
      refuse(
        "NO_MATCH", "No file matches \(pattern.visible).", "list the folder with `ls`; ** spans folders, * does not",
        .notFound)
    case .noDocuments(let argument):
      refuse(
        "NO_DOCUMENTS", "There is no document in \(argument.visible).",
        "hidden files and types that no workflow reads are skipped; name a file by itself to see why")
    case .url(let text):
      refuse(
        "URL_NOT_SUPPORTED", "\(text.visible) is an address; this version takes files only.",
        "fetch it first and submit it from standard input: `curl -sSf \(text.visible)` into "
          + "\(Action(.submit, "-", with: ["uri": text.visible]))", .invalid)
    case .uriForMany:
      refuse(
        "URI_FOR_MANY", "A uri names one document, but several were given.",
        "submit them one at a time, or use \(option: "root", "DIR")", .invalid)
    case .inputNeedsURI:
      refuse(
        "URI_MISSING", "Standard input has no name of its own.",
        "give the document's uri with \(option: "uri", "URI")", .invalid)
    case .badRoot(let path, let reason):
      refuse(
        "ROOT_UNUSABLE", "The root \(path.visible) cannot be used: \(reason).", "name a folder that exists", .invalid)
    }
  }

  private func refuse(
    _ code: String, _ message: String, _ hint: Hint, _ category: Failure.Category = .failed
  ) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: category)
  }

  /// Shortens a long path: a name of 10,000 characters would hide its message.
  private func short(_ path: FilePath) -> String {
    let text = path.description
    return text.count > 200 ? "…" + text.suffix(199) : text
  }

  private func missingHint(_ path: FilePath) -> Hint {
    path.text?.unicodeScalars.contains("\u{FFFD}") == true
      ? "its name may not be UTF-8: give its bytes on standard input: \(Action(.submit, "-", with: ["uri": "URI"]))"
      : "check the spelling; globs need quotes only where the shell should not expand them"
  }
}
