internal import Glibc
package import IngestCore

/// The folder that keeps everything: `--data`, else `$INGESTD_DATA`, else `./.ingestd`.
package struct DataFolder: Sendable, Hashable {
  /// The path as given.
  package let path: String
  /// The setting that named the folder, for messages.
  package let origin: Origin

  package enum Origin: String, Sendable {
    case option = "--data"
    case environment = "$INGESTD_DATA"
    case standard = "the current folder"
  }

  package init(option: String?, environment: [String: String]) {
    if let option {
      (path, origin) = (option, .option)
    } else if let variable = environment["INGESTD_DATA"], !variable.isEmpty {
      (path, origin) = (variable, .environment)
    } else {
      (path, origin) = (".ingestd", .standard)
    }
  }

  /// Returns the absolute path with links resolved.
  /// - Throws: ``DataFolderError``.
  package func existing() throws(DataFolderError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let reason = errno
      if reason == ENOENT { throw .missing(path: absolute, origin: origin) }
      if reason == ENOTDIR { throw .notAFolder(path: absolute, origin: origin) }
      throw .unusable(path: absolute, reason: String(cString: strerror(reason)))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: absolute, origin: origin) }
    guard access(path, R_OK | X_OK) == 0 else {
      throw .unusable(path: absolute, reason: String(cString: strerror(errno)))
    }
    return absolute
  }

  /// Returns the same, and creates the folder with its parents if it is missing. Only its owner may read it, since it holds
  /// documents.
  package func existingOrMade() throws(DataFolderError) -> (path: String, isNew: Bool) {
    do {
      return (try existing(), false)
    } catch {
      guard case .missing = error else { throw error }
    }
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if mkdir(made, 0o700) != 0 {
        guard errno == EEXIST else { throw .unusable(path: absolute, reason: String(cString: strerror(errno))) }
      } else {
        try Self.syncName(of: made)
      }
    }
    return (try existing(), true)
  }

  /// Syncs the name of a new folder to disk: without its name, everything in the folder is lost.
  package static func syncName(of folder: String) throws(DataFolderError) {
    let slash = folder.lastIndex(of: "/")
    let parent = slash.map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    // A folder that is writable but not readable cannot be synced, and some file systems sync no folder.
    guard descriptor < 0 || fsync(descriptor) == 0 || errno == EINVAL else {
      throw .unusable(path: folder, reason: String(cString: strerror(errno)))
    }
  }

  private var absolute: String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }
}

/// A data folder that cannot be used.
package enum DataFolderError: Error, Hashable, Sendable {
  case missing(path: String, origin: DataFolder.Origin)
  case notAFolder(path: String, origin: DataFolder.Origin)
  case unusable(path: String, reason: String)
}

extension DataFolderError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .missing(let path, let origin):
      Failure(
        .permanent, code: "DATA_FOLDER_MISSING", "There is no data folder at \(short(path)) (from \(origin.rawValue)).",
        hint: "name one with \(option: "data", "DIR") or $INGESTD_DATA; \(Action(.submit)) and "
          + "\(Action(.indexCreate)) make one",
        category: .notFound)
    case .notAFolder(let path, let origin):
      Failure(
        .permanent, code: "DATA_NOT_A_FOLDER",
        "The data folder \(short(path)) (from \(origin.rawValue)) is not a folder.",
        hint: "name a folder with \(option: "data", "DIR"), not a file in it", category: .invalid)
    case .unusable(let path, let reason):
      Failure(
        .permanent, code: "DATA_FOLDER_UNUSABLE", "The data folder \(short(path)) cannot be used: \(reason).",
        hint: "check who owns it and its permissions, or name another with \(option: "data", "DIR")")
    }
  }

  /// Shortens a long path: a path of 10,000 characters would hide its message.
  private func short(_ path: String) -> String { path.shortenedAtStart(to: 200) }
}
