import CFaultyVFS
import Glibc
import Synchronization

/// A folder whose operations are all recorded, and can be made to fail.
///
/// SQLite's operations come through the VFS, all others through calls of the C library.
final class WatchedDisk: Sendable {
  enum Verdict: Sendable {
    case goesOn
    /// Not done, but reported as done: a disk that lies.
    case pretends
    /// EIO.
    case fails
    /// ENOSPC.
    case full
    /// Only the first bytes are written.
    case short(Int)
    case busy
  }

  enum Request: Sendable {
    case change(DiskOperation)
    case read(path: String)
    case lock(path: String)
  }

  private struct State {
    var log: [DiskOperation] = []
    var decide: (@Sendable (Request) -> Verdict)?
    var keepsLog = true
  }

  let root: String
  private let state = Mutex(State())
  private let watch = Mutex<Int32>(-1)

  /// - Parameter root: an absolute path without links.
  init(root: String) {
    self.root = root
    precondition(ingestd_faulty_vfs_register() == 0, "the VFS cannot be registered")
    let number = ingestd_io_watch(
      root,
      { context, io in
        guard let context, let io else { return 0 }
        return Unmanaged<WatchedDisk>.fromOpaque(context).takeUnretainedValue().answer(io)
      }, Unmanaged.passUnretained(self).toOpaque())
    precondition(number >= 0, "too many folders are watched")
    watch.withLock { $0 = number }
  }

  /// Stops watching. Call it when nothing beneath the folder is in use any more.
  func end() {
    watch.withLock { number in
      ingestd_io_unwatch(number)
      number = -1
    }
  }

  deinit { end() }

  static var vfs: String { String(cString: ingestd_faulty_vfs) }

  /// The operations that were done, in order.
  var log: [DiskOperation] { state.withLock { $0.log } }
  var count: Int { state.withLock { $0.log.count } }

  /// Asks `decide` before each operation from now on. - Parameter decide: called on the thread that makes the
  /// operation.
  func decide(_ decide: (@Sendable (Request) -> Verdict)?) {
    state.withLock { $0.decide = decide }
  }

  private func answer(_ io: UnsafeMutablePointer<ingestd_io>) -> Int32 {
    guard let request = request(io.pointee) else { return 0 }
    let verdict = state.withLock { $0.decide }?(request) ?? .goesOn
    switch verdict {
    case .goesOn: note(request)
    case .short(let count):
      io.pointee.count = Int64(count)
      if case .change(var operation) = request, case .write(let offset, let bytes) = operation.kind {
        operation.kind = .write(offset: offset, bytes: Array(bytes.prefix(count)))
        note(.change(operation))
      }
    default: break
    }
    return verdict.code
  }

  private func note(_ request: Request) {
    guard case .change(let operation) = request else { return }
    state.withLock { $0.log.append(operation) }
  }

  private func request(_ io: ingestd_io) -> Request? {
    let path = relative(io.path)
    // The index of the WAL is memory, not a file.
    if path.hasSuffix("-shm") { return nil }
    let kind: DiskOperation.Kind
    switch io.kind {
    case INGESTD_IO_CREATE: kind = .create
    case INGESTD_IO_WRITE:
      let bytes = UnsafeRawBufferPointer(start: io.bytes, count: Int(io.count))
      kind = .write(offset: Int(io.offset), bytes: Array(bytes))
    case INGESTD_IO_TRUNCATE: kind = .truncate(size: Int(io.offset))
    case INGESTD_IO_SYNC: kind = .sync
    case INGESTD_IO_SYNC_FOLDER: kind = .syncFolder
    case INGESTD_IO_RENAME: kind = .rename(to: relative(io.target))
    case INGESTD_IO_UNLINK: kind = .unlink
    case INGESTD_IO_MAKE_FOLDER: kind = .makeFolder
    case INGESTD_IO_READ: return .read(path: path)
    default: return .lock(path: path)
    }
    return .change(DiskOperation(kind: kind, path: path))
  }

  private func relative(_ path: UnsafePointer<CChar>?) -> String {
    guard let path else { return "" }
    return String(String(cString: path).dropFirst(root.utf8.count + 1))
  }
}

extension WatchedDisk.Verdict {
  fileprivate var code: Int32 {
    switch self {
    case .goesOn: Int32(INGESTD_IO_GOES_ON.rawValue)
    case .pretends: Int32(INGESTD_IO_PRETENDS.rawValue)
    case .fails: Int32(INGESTD_IO_FAILS.rawValue)
    case .full: Int32(INGESTD_IO_FULL.rawValue)
    case .short: Int32(INGESTD_IO_SHORT.rawValue)
    case .busy: Int32(INGESTD_IO_BUSY.rawValue)
    }
  }
}
