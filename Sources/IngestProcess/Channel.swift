private import CSystem
private import Glibc

/// One end of a pair of connected stream sockets, which carry bytes and open descriptors.
///
/// Its calls block, so use it from an actor with a ``ThreadExecutor``.
package final class Channel: Sendable {
  package let socket: Descriptor

  /// Takes ownership of the socket.
  package init(owning socket: Int32) { self.socket = Descriptor(owning: socket) }

  /// Returns the two ends of a new pair. Both are close-on-exec, so a child inherits an end only if it is passed
  /// explicitly.
  package static func pair() throws(ProcessError) -> (Channel, Channel) {
    var ends: [Int32] = [-1, -1]
    guard ingestd_socketpair(&ends) == 0 else { throw .channel(errno: errno) }
    return (Channel(owning: ends[0]), Channel(owning: ends[1]))
  }

  /// Sends all bytes. The first of them carry the descriptor, if any, of which the receiver gets a duplicate.
  /// - Throws: ``ProcessError/closed`` if the other end is closed.
  package func send(_ bytes: [UInt8], passing descriptor: Int32? = nil) throws(ProcessError) {
    var sent = 0
    var passing = descriptor ?? -1
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        ingestd_send(socket.number, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, passing)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw errno == EPIPE || errno == ECONNRESET ? .closed : .channel(errno: errno)
      }
      passing = -1
      sent += count
    }
  }

  /// Waits for bytes and appends those that have arrived, at most `limit`.
  /// - Parameter within: the time to wait. Nil means forever.
  /// - Returns: a descriptor that came with the bytes, if any. The caller must close it.
  /// - Throws: ``ProcessError/closed`` if the other end is closed, ``ProcessError/timedOut`` if nothing arrived in
  ///   time.
  package func receive(
    into bytes: inout [UInt8], limit: Int = 256 * 1024, within: Duration? = nil
  ) throws(ProcessError) -> Int32? {
    if let within { try wait(within) }
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: limit))
    var descriptor: Int32 = -1
    while true {
      let count = bytes.withUnsafeMutableBytes { buffer in
        ingestd_receive(socket.number, buffer.baseAddress.map { $0 + start }, limit, &descriptor)
      }
      if count < 0, errno == EINTR { continue }
      let code = errno
      bytes.removeLast(limit - max(0, count))
      if count == 0 { throw .closed }
      if count < 0 { throw code == ECONNRESET ? .closed : .channel(errno: code) }
      return descriptor >= 0 ? descriptor : nil
    }
  }

  private func wait(_ time: Duration) throws(ProcessError) {
    let (seconds, attoseconds) = time.components
    guard seconds >= 0, attoseconds >= 0 else { throw .timedOut }
    var span = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var entry = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
    switch ingestd_poll(&entry, &span) {
    case 0: throw .timedOut
    case ..<0: throw .channel(errno: errno)
    default: return
    }
  }
}
