import CSystem
import Glibc
import IngestParserWire

/// A loop that serves one document after another over a socket. Each is read from the descriptor that comes with its
/// request.
struct Session {
  private let socket: Int32
  private var buffer: [UInt8] = []

  init(socket: Int32) { self.socket = socket }

  /// Runs until the socket ends, which exits the process.
  mutating func run() throws -> Never {
    send(.hello(version: ProgramVersion.text))
    while true {
      let (request, descriptor) = try receive()
      DocumentRun(request: request, send: send).run(descriptor)
      if descriptor >= 0 { close(descriptor) }
    }
  }

  private mutating func receive() throws(MalformedBytes) -> (ParserRequest, Int32) {
    var file: Int32 = -1
    while true {
      var position = 0
      if let request = try Frame.nextRequest(in: buffer, at: &position) {
        buffer.removeFirst(position)
        return (request, file)
      }
      let start = buffer.count
      buffer.append(contentsOf: repeatElement(0, count: 4096))
      var came: Int32 = -1
      let count = buffer.withUnsafeMutableBytes { bytes in
        ingestd_receive(socket, bytes.baseAddress.map { $0 + start }, 4096, &came)
      }
      buffer.removeLast(4096 - max(0, count))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { exit(0) }
      if came >= 0 {
        if file >= 0 { close(file) }
        file = came
      }
    }
  }

  /// Sends a reply. If the other end is gone, the process exits, since it has nothing to do.
  private func send(_ reply: ParserReply) {
    let bytes = Frame.encode(reply)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        ingestd_send(socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, -1)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { exit(0) }
      sent += count
    }
  }
}
