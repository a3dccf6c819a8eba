import IngestCore

/// A disk with a cache that loses power. The model knows which changes are durable and which were only written.
///
/// Bytes are durable once their file was synced, a name once its folder was. The disk promises nothing more: a synced
/// file may lack its name, and an earlier write may be lost while a later one survives.
struct DiskModel: Sendable {
  private enum Change: Sendable {
    case write(offset: Int, bytes: [UInt8])
    case truncate(Int)
  }

  private enum NameChange: Sendable {
    case link(String, Int)
    case unlink(String)
    case folder(String)
  }

  private struct File: Sendable {
    var durable: [UInt8] = []
    var pending: [Change] = []
  }

  private var files: [File] = []
  /// The names that the running system sees.
  private var names: [String: Int] = [:]
  private var durableNames: [String: Int] = [:]
  private var durableFolders: Set<String> = []
  private var pendingNames: [String: [NameChange]] = [:]

  init() {}

  /// Makes a disk on which everything is durable.
  init(_ image: DiskImage) {
    durableFolders = Set(image.folders)
    for (path, bytes) in image.files.sorted(by: { $0.key < $1.key }) {
      names[path] = files.count
      durableNames[path] = files.count
      files.append(File(durable: bytes))
    }
  }

  mutating func apply(_ operation: DiskOperation) {
    let path = operation.path
    switch operation.kind {
    case .create:
      files.append(File())
      names[path] = files.count - 1
      pendingNames[path.folder, default: []].append(.link(path, files.count - 1))
    case .write(let offset, let bytes):
      guard let file = names[path] else { return }
      files[file].pending.append(.write(offset: offset, bytes: bytes))
    case .truncate(let size):
      guard let file = names[path] else { return }
      files[file].pending.append(.truncate(size))
    case .sync:
      guard let file = names[path] else { return }
      let pending = files[file].pending
      files[file].pending = []
      for change in pending { Self.apply(change, to: &files[file].durable) }
    case .syncFolder:
      for change in pendingNames.removeValue(forKey: path) ?? [] {
        Self.apply(change, &durableNames, &durableFolders)
      }
    case .rename(let to):
      guard let file = names.removeValue(forKey: path) else { return }
      names[to] = file
      pendingNames[to.folder, default: []].append(.link(to, file))
      pendingNames[path.folder, default: []].append(.unlink(path))
    case .unlink:
      names[path] = nil
      pendingNames[path.folder, default: []].append(.unlink(path))
    case .makeFolder:
      pendingNames[path.folder, default: []].append(.folder(path))
    }
  }

  /// Returns the contents of the disk after the power loss.
  func image(_ loss: Loss) -> DiskImage {
    var random = loss.random
    var names = durableNames
    var folders = durableFolders
    for folder in pendingNames.keys.sorted() {
      let changes = pendingNames[folder] ?? []
      // Every file system with a journal keeps a folder's changes in their order.
      let kept =
        switch loss {
        case .everything: 0
        case .nothing: changes.count
        case .some, .torn: Int(random.next() % UInt64(changes.count + 1))
        }
      for change in changes.prefix(kept) { Self.apply(change, &names, &folders) }
    }
    var image = DiskImage(folders: folders.filter { Self.isThere($0.folder, folders) }.sorted())
    for (path, file) in names.sorted(by: { $0.key < $1.key }) where Self.isThere(path.folder, folders) {
      image.files[path] = bytes(files[file], loss, &random)
    }
    return image
  }

  private func bytes(_ file: File, _ loss: Loss, _ random: inout SplitMix) -> [UInt8] {
    if file.pending.isEmpty { return file.durable }
    var bytes = file.durable
    for (position, change) in file.pending.enumerated() {
      switch loss {
      case .everything: return bytes
      case .nothing: Self.apply(change, to: &bytes)
      case .some: if random.next() % 2 == 0 { Self.apply(change, to: &bytes) }
      case .torn(_, let sector):
        // All writes but the last survive, and random sectors of the last one.
        guard position == file.pending.count - 1 else {
          Self.apply(change, to: &bytes)
          continue
        }
        for part in Self.sectors(change, of: sector) where random.next() % 2 == 0 { Self.apply(part, to: &bytes) }
      }
    }
    return bytes
  }

  private static func sectors(_ change: Change, of size: Int) -> [Change] {
    guard case .write(let offset, let bytes) = change else { return [change] }
    var parts: [Change] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, ((offset + start) / size + 1) * size - offset)
      parts.append(.write(offset: offset + start, bytes: Array(bytes[start..<end])))
      start = end
    }
    return parts
  }

  private static func apply(_ change: Change, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let written):
      resize(&bytes, to: max(bytes.count, offset + written.count))
      bytes.withUnsafeMutableBytes { room in
        written.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: room[offset...]).copyMemory(from: $0) }
      }
    case .truncate(let size): resize(&bytes, to: size)
    }
  }

  private static func resize(_ bytes: inout [UInt8], to size: Int) {
    if size < bytes.count {
      bytes.removeLast(bytes.count - size)
    } else if size > bytes.count {
      // This is many times as fast as `repeatElement` in builds without optimisation.
      bytes += [UInt8](repeating: 0, count: size - bytes.count)
    }
  }

  private static func apply(_ change: NameChange, _ names: inout [String: Int], _ folders: inout Set<String>) {
    switch change {
    case .link(let path, let file): names[path] = file
    case .unlink(let path): names[path] = nil
    case .folder(let path): folders.insert(path)
    }
  }

  /// Returns whether a folder and all its parents are on the disk. The watched folder itself always is.
  private static func isThere(_ folder: String, _ folders: Set<String>) -> Bool {
    folder.isEmpty || (folders.contains(folder) && isThere(folder.folder, folders))
  }
}

/// The part of the written but unsynced changes that a power loss takes.
enum Loss: Hashable, Sendable {
  case everything
  /// A process was killed, so the system still writes everything.
  case nothing
  /// Each write is lost with a chance of one half, as if the disk had reordered the writes.
  case some(seed: UInt64)
  /// Only some sectors of the last write to each file survive.
  case torn(seed: UInt64, sector: Int)

  var random: SplitMix {
    switch self {
    case .everything, .nothing: SplitMix(seed: 0)
    case .some(let seed), .torn(let seed, _): SplitMix(seed: seed)
    }
  }
}

extension String {
  /// The path up to the last slash; empty for an entry of the watched folder itself.
  var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }
}
