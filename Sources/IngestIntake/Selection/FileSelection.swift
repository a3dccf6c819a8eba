internal import Glibc

/// The files that the arguments of `submit` select, one at a time. It follows folders and links, in the order of the arguments
/// and of the bytes of names.
///
/// It keeps one listing for each folder on the way down, never all files. An argument that selects no file at all is
/// refused.
package struct FileSelection: Sequence, IteratorProtocol, Sendable {
  /// A folder on the way down.
  struct Frame: Sendable {
    var path: FilePath
    var resolved: FilePath
    /// The path from the argument's folder, for patterns.
    var relative: FilePath
    /// The pattern that a file of a glob must match; nil once a folder has matched as a whole.
    var pattern: GlobPattern?
    var listing: FolderListing
  }

  struct FolderIdentity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
  }

  let options: SelectionOptions
  /// The resolved ``SelectionOptions/root``.
  let root: FilePath?
  private var arguments: ArraySlice<String>
  private var current = ""
  private var isPattern = false
  /// The items of the current argument, by kind.
  private var found = 0
  private var skipped = 0
  var frames: [Frame] = []
  var walked: Set<FolderIdentity> = []

  /// - Throws: ``SelectionError`` for arguments that contradict each other, before any file is read.
  package init(_ arguments: [String], _ options: SelectionOptions = SelectionOptions()) throws(SelectionError) {
    for argument in arguments {
      if argument.hasPrefix("http://") || argument.hasPrefix("https://") { throw .url(argument) }
      if argument == "-", options.uri == nil { throw .inputNeedsURI }
    }
    if options.uri != nil, arguments.count != 1 { throw .uriForMany }
    self.arguments = arguments[...]
    self.options = options
    if let root = options.root {
      guard let resolved = FilePath(root).resolved() else {
        throw .badRoot(path: root, reason: String(cString: strerror(errno)))
      }
      self.root = resolved
    } else {
      root = nil
    }
  }

  package mutating func next() -> SelectionItem? {
    while true {
      if !frames.isEmpty {
        if let item = step() {
          switch item {
          case .skipped: skipped += 1
          case .file, .refused, .standardInput: found += 1
          }
          return item
        }
        if !frames.isEmpty || found > 0 { continue }
        let path = FilePath(current)
        let nothing = isPattern && skipped == 0
        return .refused(path, nothing ? .noMatch(pattern: current) : .noDocuments(argument: current))
      }
      guard let argument = arguments.popFirst() else { return nil }
      (current, isPattern, found, skipped) = (argument, false, 0, 0)
      walked.removeAll()
      if let item = begin(argument) { return item }
    }
  }

  /// Begins an argument: returns a file at once, and pushes a folder or glob as the first frame.
  private mutating func begin(_ argument: String) -> SelectionItem? {
    if argument == "-", let uri = options.uri { return .standardInput(uri: uri) }
    let path = FilePath(argument)
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0 else {
      let reason = errno
      if reason == ENOENT || reason == ENOTDIR || reason == ENAMETOOLONG, GlobPattern.isPattern(argument) {
        return beginPattern(argument)
      }
      return .refused(path, Self.reason(reason, path))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      guard let resolved = path.resolved() else { return .refused(path, Self.reason(errno, path)) }
      return file(path, resolved: resolved, isNamed: true)
    }
    if options.uri != nil { return .refused(path, .uriForMany) }
    return enter(path, relative: FilePath([]), pattern: nil)
  }

  private mutating func beginPattern(_ argument: String) -> SelectionItem? {
    isPattern = true
    if options.uri != nil { return .refused(FilePath(argument), .uriForMany) }
    let (base, pattern) = GlobPattern.split(argument)
    let path = FilePath(base)
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return .refused(FilePath(argument), .noMatch(pattern: argument))
    }
    return enter(path, relative: FilePath([]), pattern: pattern)
  }

  /// Pushes a folder, unless it was already walked or cannot be read.
  mutating func enter(_ path: FilePath, relative: FilePath, pattern: GlobPattern?) -> SelectionItem? {
    guard let resolved = path.resolved() else { return .refused(path, Self.reason(errno, path)) }
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0 else { return .refused(path, Self.reason(errno, path)) }
    let identity = FolderIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard walked.insert(identity).inserted else { return .skipped(path, .loop) }
    do {
      let listing = try FolderListing(path)
      frames.append(
        Frame(path: path, resolved: resolved, relative: relative, pattern: pattern, listing: listing))
      return nil
    } catch {
      return .refused(path, error)
    }
  }
}
