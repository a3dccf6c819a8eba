internal import Glibc
internal import Synchronization

/// A file of vectors. Writers append to it, and readers map it.
///
/// The database says which rows are valid: those below the file's `slots` in the transaction that is read. Rows are
/// written and synced before that transaction commits and never change afterwards. So readers of any snapshot, in any
/// process, may read them without a lock. Rows that a crash leaves beyond the end are overwritten.
final class VectorFile: Sendable {
  let path: String
  let layout: VectorLayout
  private let descriptor: Int32
  private let current = Mutex<VectorMapping?>(nil)

  private init(path: String, layout: VectorLayout, descriptor: Int32) {
    self.path = path
    self.layout = layout
    self.descriptor = descriptor
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// Creates an empty file, overwriting one that a crash may have left, and syncs the file and its folder.
  static func create(_ path: String, layout: VectorLayout) throws -> VectorFile {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw VectorFileError(path, "open") }
    let file = VectorFile(path: path, layout: layout, descriptor: descriptor)
    var header = layout.magic
    header.append(contentsOf: repeatElement(0, count: VectorLayout.header - header.count))
    try header.withUnsafeBytes { try file.write($0, at: 0) }
    guard fsync(descriptor) == 0 else { throw VectorFileError(path, "sync") }
    let folder = Glibc.open(path.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw VectorFileError(path, "open folder") }
    defer { Glibc.close(folder) }
    guard fsync(folder) == 0 else { throw VectorFileError(path, "sync folder") }
    return file
  }

  /// Opens an existing file, which must have this layout.
  static func open(_ path: String, layout: VectorLayout) throws(VectorFileError) -> VectorFile {
    let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw VectorFileError(path, "open") }
    let file = VectorFile(path: path, layout: layout, descriptor: descriptor)
    let magic = layout.magic
    var found = [UInt8](repeating: 0, count: magic.count)
    let count = found.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count == magic.count, found == magic else { throw VectorFileError(path, "read header", code: 0) }
    return file
  }

  /// Whether a path still leads to the file. If the file was removed, writes to it succeed and are lost.
  var isLinked: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Writes rows starting at `slot`. They are durable only after ``sync()``.
  func write(_ rows: [Float], at slot: Int) throws {
    let offset = layout.offset(of: slot)
    try rows.withUnsafeBytes { try write($0, at: offset) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(VectorFileError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw VectorFileError(path, "write")
      }
    }
  }

  /// Waits until all written rows are on the disk.
  func sync() throws(VectorFileError) {
    guard fdatasync(descriptor) == 0 else { throw VectorFileError(path, "sync") }
  }

  /// Returns a mapping of at least the first `slots` rows.
  ///
  /// A mapping extends beyond the file's end, so that it need not be renewed for every few added rows. Memory beyond
  /// the end is not read until the file has grown over it.
  /// - Throws: if the file is shorter than `slots` rows, which only damage can cause.
  func mapping(slots: Int) throws(VectorFileError) -> VectorMapping {
    let needed = layout.offset(of: slots)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw VectorFileError(path, "get the size of") }
    let size = Int(status.st_size)
    guard size >= needed else { throw VectorFileError(path, "read \(needed) of \(size) bytes of", code: 0) }
    let outcome = current.withLock { current -> Result<VectorMapping, VectorFileError> in
      if let current, current.bytes >= needed { return .success(current) }
      let bytes = size + size / 4 + (1 << 20)
      guard let start = mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
        return .failure(VectorFileError(path, "map"))
      }
      madvise(start, size, Int32(MADV_WILLNEED))
      let made = VectorMapping(start: UnsafeRawPointer(start), bytes: bytes)
      current = made
      return .success(made)
    }
    return try outcome.get()
  }
}

/// A part of a file in memory. It is unmapped when nothing reads it any more.
final class VectorMapping: Sendable {
  // The memory is mapped read-only, and rows below the committed end never change.
  nonisolated(unsafe) let start: UnsafeRawPointer
  let bytes: Int

  init(start: UnsafeRawPointer, bytes: Int) {
    self.start = start
    self.bytes = bytes
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: start), bytes)
  }
}

/// An error of the operating system on a file of vectors.
struct VectorFileError: Error, Hashable, Sendable {
  let path: String
  /// The failed action, such as `open`.
  let action: String
  /// `errno`; 0 if the contents of the file are wrong.
  let code: Int32

  init(_ path: String, _ action: String, code: Int32 = errno) {
    self.path = path
    self.action = action
    self.code = code
  }

  var isMissing: Bool { code == ENOENT }
}

extension String {
  /// The folder of a path.
  var folder: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}
