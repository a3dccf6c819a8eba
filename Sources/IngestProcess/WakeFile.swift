private import CSystem
// A dispatch source is safe to use from any thread; only its protocol is not marked so.
@preconcurrency private import Dispatch
private import Glibc

/// A file whose touch wakes other processes of the machine, seen by inotify: no polling, no sockets, no broker.
///
/// A signal says only "look": it carries nothing, and several that arrive together become one. Our own signals are seen
/// as well. On a network file system nothing arrives, so keep a slow poll beneath.
package final class WakeFile: Sendable {
  private let path: String
  private let descriptor: Descriptor

  /// Opens the file, and makes it where it is missing.
  package init(path: String) throws(ProcessError) {
    self.path = path
    let number = ingestd_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .file(path: path, errno: errno) }
    descriptor = Descriptor(owning: number)
  }

  /// Wakes everyone who listens; about a microsecond. Call it after the commit that made something due.
  package func signal() { futimens(descriptor.number, nil) }

  /// A value for each wake from now on; at most one waits for a slow reader. Ends with its task.
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
