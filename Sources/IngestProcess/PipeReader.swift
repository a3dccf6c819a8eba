private import CSystem
// A dispatch source is safe to use from any thread; only its protocol is not marked so.
@preconcurrency internal import Dispatch
private import Glibc

/// Reads what a child writes into a pipe, without a thread of its own. Everything of it happens on its queue.
final class PipeReader: Sendable {
  /// Bytes taken at a time: what a pipe holds.
  private static let piece = 64 * 1024

  private let pipe: Descriptor
  private let source: any DispatchSourceRead
  private let receive: @Sendable (ArraySlice<UInt8>) -> Void

  /// The reader and the end that the child is given, which must go with the child's start.
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
    // The descriptor must outlive the source that watches it.
    source.setCancelHandler { withExtendedLifetime(pipe) {} }
    source.activate()
  }

  deinit { source.cancel() }

  /// Takes what is still there and stops; to be called on the queue, when nobody who matters writes any more.
  func drain() {
    // A process that left its group may go on writing: no more than this is heard of it.
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
