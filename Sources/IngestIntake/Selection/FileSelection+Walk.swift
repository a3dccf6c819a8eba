internal import Glibc

extension FileSelection {
  /// Returns the next item of the folders being walked; nil if a folder was entered or left, or if an entry does not match
  /// the pattern.
  mutating func step() -> SelectionItem? {
    guard let top = frames.indices.last else { return nil }
    guard let (name, entryType) = frames[top].listing.next() else {
      frames.removeLast()
      return nil
    }
    let frame = frames[top]
    let path = frame.path.appending(name)
    let relative = frame.relative.appending(name)
    var type = Int32(entryType)
    var resolved = frame.resolved.appending(name)
    if type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN) {
      var status = stat()
      guard path.withCString({ stat($0, &status) }) == 0 else { return unreachable(path, relative, frame, errno) }
      type = Int32((status.st_mode & S_IFMT) >> 12)
      guard let target = path.resolved() else { return .refused(path, Self.reason(errno, path)) }
      resolved = target
    }
    return type == Int32(DT_DIR)
      ? folder(path, relative, frame.pattern)
      : entry(path, relative, frame.pattern, resolved: resolved, isRegular: type == Int32(DT_REG))
  }

  private mutating func folder(_ path: FilePath, _ relative: FilePath, _ pattern: GlobPattern?) -> SelectionItem? {
    var rest = pattern
    if let pattern {
      if pattern.matchesWhole(relative) {
        rest = nil
      } else if !pattern.canMatchWhole(under: relative) {
        return nil
      }
    }
    if isHidden(path, pattern) { return .skipped(path, .hidden) }
    if options.exclude.contains(where: { $0.matches(relative) }) { return .skipped(path, .excluded) }
    return enter(path, relative: relative, pattern: rest)
  }

  private func entry(
    _ path: FilePath, _ relative: FilePath, _ pattern: GlobPattern?, resolved: FilePath, isRegular: Bool
  ) -> SelectionItem? {
    if let pattern, !pattern.matchesWhole(relative) { return nil }
    if let reason = skip(path, relative, pattern) { return .skipped(path, reason) }
    guard isRegular else { return .skipped(path, .special) }
    return file(path, resolved: resolved, isNamed: false)
  }

  /// Returns the refusal of a link or name that leads nowhere. If a file in its place would be skipped, this is skipped too.
  private func unreachable(
    _ path: FilePath, _ relative: FilePath, _ frame: Frame, _ reason: Int32
  ) -> SelectionItem? {
    if let pattern = frame.pattern, !pattern.matchesWhole(relative) { return nil }
    if let reason = skip(path, relative, frame.pattern) { return .skipped(path, reason) }
    if reason == ENOENT { return .refused(path, .brokenLink(path: path)) }
    if reason == ELOOP { return .skipped(path, .loop) }
    return .refused(path, Self.reason(reason, path))
  }

  private func skip(_ path: FilePath, _ relative: FilePath, _ pattern: GlobPattern?) -> SkipReason? {
    if isHidden(path, pattern) { return .hidden }
    if options.exclude.contains(where: { $0.matches(relative) }) { return .excluded }
    if !options.include.isEmpty, !options.include.contains(where: { $0.matches(relative) }) { return .excluded }
    return nil
  }

  /// Whether the name is hidden and no pattern selects hidden names.
  private func isHidden(_ path: FilePath, _ pattern: GlobPattern?) -> Bool {
    path.isHidden && pattern?.namesHidden != true && !options.include.contains(where: \.namesHidden)
  }

  /// Opens and examines one file.
  func file(_ path: FilePath, resolved: FilePath, isNamed: Bool) -> SelectionItem {
    // Without O_NONBLOCK, opening a pipe without a writer would block for ever.
    let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
    guard descriptor >= 0 else { return .refused(path, Self.reason(errno, path)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .refused(path, Self.reason(errno, path)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return isNamed ? .refused(path, .notAFile(path: path)) : .skipped(path, .special)
    }
    let size = Int(status.st_size)
    do {
      return .file(SelectedFile(path: path, uri: try uri(path, resolved), size: size, isNamed: isNamed))
    } catch {
      return .refused(path, error)
    }
  }

  /// DESIGN §1: the absolute path with links resolved, or the path relative to `--root`.
  private func uri(_ path: FilePath, _ resolved: FilePath) throws(SelectionError) -> String {
    if let uri = options.uri { return uri }
    var bytes = resolved.bytes[...]
    if let root {
      let prefix = root.bytes.last == FilePath.slash ? root.bytes : root.bytes + [FilePath.slash]
      guard bytes.starts(with: prefix) else { throw .outsideRoot(path: path, root: options.root ?? "") }
      bytes = bytes.dropFirst(prefix.count)
    }
    guard let text = FilePath(Array(bytes)).text else { throw .nameNotText(path: path) }
    return text
  }

  /// Returns the error for a file that `errno` stands for.
  static func reason(_ code: Int32, _ path: FilePath) -> SelectionError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path: path)
    case ENAMETOOLONG: .pathTooLong(path: path)
    case ELOOP: .brokenLink(path: path)
    case ENXIO, ENODEV: .notAFile(path: path)
    default: .unreadable(path: path, reason: String(cString: strerror(code)))
    }
  }
}
