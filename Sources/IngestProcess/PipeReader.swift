private import CSystem
// A dispatch source is safe to use from any thread, although its protocol is not marked `Sendable`.
@preconcurrency internal import Dispatch
private import Glibc

/// A reader of the bytes that a child writes to a pipe. It needs no thread of its own: all its work runs on its queue.
final class PipeReader: Sendable {
  /// The number of bytes per read: the capacity of a pipe.
  private static let piece = 64 * 1024

  private let pipe: Descriptor
  private let source: any DispatchSourceRead
  private let receive: @Sendable (ArraySlice<UInt8>) -> Void

  /// Returns a reader and the child's end of the pipe. Close our copy of that end after the child has started.
  static func make(
    on queue: DispatchQueue, _ receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
  ) throws(ProcessError) -> (PipeReader, Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard ingestd_pipe(&ends) == 0 else { throw .channel(errno: errno) }
    let (ours, theirs) = (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    guard ingestd_set_nonblocking(ours.number) == 0 else { throw .channel(errno: errno) }
    return (PipeReader(pipe: ours, queue: queue, receive), theirs)
  }

  private init(
    pipe: Descriptor, queue: DispatchQueue, _ receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
  ) {
    self.pipe = pipe
    self.receive = receive
    source = DispatchSource.makeReadSource(fileDescriptor: pipe.number, queue: queue)
    source.setEventHandler { [weak self] in self?.take() }
    // Keeps the descriptor open for as long as the source watches it.
    source.setCancelHandler { withExtendedLifetime(pipe) {} }
    source.activate()
  }

  deinit { source.cancel() }

  /// Reads the remaining bytes and stops. Call it on the queue, when no process whose output matters still writes.
  func drain() {
    // A process that left the group may write forever, so the number of reads is bounded.
    for _ in 0..<16 where !source.isCancelled { take() }
    source.cancel()
  }

  private func take() {
    guard !source.isCancelled else { return }
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { room, count in
      repeat { count = read(pipe.number, room.baseAddress, room.count) } while count < 0 && errno == EINTR
      if count < 0 {
        if errno != EAGAIN { source.cancel() }
        count = 0
      } else if count == 0 {
        source.cancel()
      }
    }
    if !bytes.isEmpty { receive(bytes[...]) }
  }
}
