private import CSystem
// A dispatch source is safe to use from any thread, although its protocol is not marked `Sendable`.
@preconcurrency private import Dispatch
private import Glibc

/// A file that wakes other processes of the machine when it is touched. They watch it with inotify, without polling,
/// sockets or a broker.
///
/// A signal carries no data; it only asks its receivers to query the state. Signals that arrive together become one. A
/// process also receives its own signals. On a network file system no signals arrive, so poll slowly as well.
package final class WakeFile: Sendable {
  private let path: String
  private let descriptor: Descriptor

  /// Opens the file, and creates it if it does not exist.
  package init(path: String) throws(ProcessError) {
    self.path = path
    let number = ingestd_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .file(path: path, errno: errno) }
    descriptor = Descriptor(owning: number)
  }

  /// Wakes all listeners. Takes about a microsecond. Call it after the commit that made something due.
  package func signal() { futimens(descriptor.number, nil) }

  /// Returns a stream with one value for each signal from now on. For a slow reader at most one value is kept. The
  /// stream ends with its task.
  package func signals() throws(ProcessError) -> AsyncStream<Void> {
    let watch = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard watch >= 0 else { throw .file(path: path, errno: errno) }
    guard inotify_add_watch(watch, path, UInt32(IN_ATTRIB)) >= 0 else {
      let code = errno
      close(watch)
      throw .file(path: path, errno: code)
    }
    let source = DispatchSource.makeReadSource(fileDescriptor: watch, queue: .global(qos: .userInitiated))
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    source.setEventHandler {
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { room in
        while read(watch, room.baseAddress, room.count) > 0 {}
      }
      continuation.yield()
    }
    source.setCancelHandler { close(watch) }
    continuation.onTermination = { _ in source.cancel() }
    source.activate()
    return stream
  }
}
