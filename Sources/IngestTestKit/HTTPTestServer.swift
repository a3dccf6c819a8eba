import Glibc
import Synchronization

/// A real HTTP/1.1 server on a free loopback port, in this process, that misbehaves as scripted.
///
/// It uses one thread per connection and keeps connections alive, as browsers and libcurl expect. It stops when the
/// object is released. It records requests before it answers them.
package final class HTTPTestServer: Sendable {
  package struct Request: Sendable {
    package var method: String
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// The number of the request, from 0, in order of arrival.
    package var number: Int
    /// The number of its connection, from 0.
    package var connection: Int
    /// When the request had arrived, in microseconds since 1970.
    package var at: Int64 = 0

    package subscript(name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package enum Reply: Sendable {
    case answer(Int, headers: [(String, String)] = [], body: [UInt8] = [])
    /// Sends these bytes and nothing else, then closes the connection.
    case raw([UInt8])
    /// Sends no answer until the client disconnects or the server stops.
    case hang
    /// Closes the connection without an answer.
    case drop
    /// Sends a correct head and half of the body, then closes the connection.
    case dropMidBody(Int, body: [UInt8])
  }

  package let port: UInt16
  private let loop: Loop

  /// - Parameters:
  ///   - listens: false refuses all connections. The port stays reserved by this object, since a closed port could be
  ///     given to another test's server at once.
  ///   - answer: called on the connection's own thread, which it may block.
  package init(listens: Bool = true, _ answer: @escaping @Sendable (Request) -> Reply) throws {
    loop = try Loop(listens: listens, answer)
    port = loop.port
    if listens { TestThread.start { [loop] in loop.accept() } }
  }

  deinit { loop.stop() }

  /// The base URL, such as `http://127.0.0.1:40123`.
  package var url: String { "http://127.0.0.1:\(port)" }
  package var requests: [Request] { loop.state.withLock { $0.requests } }
  package var connections: Int { loop.state.withLock { $0.accepted } }

  /// Returns once `count` requests have arrived.
  package func received(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let there = loop.state.withLock { state in
        if state.requests.count >= count { return true }
        state.waiting.append((count, continuation))
        return false
      }
      if there { continuation.resume() }
    }
  }
}

/// The server without its owner, so that its threads do not keep the owner alive.
private final class Loop: Sendable {
  struct State {
    var requests: [HTTPTestServer.Request] = []
    var waiting: [(Int, CheckedContinuation<Void, Never>)] = []
    var open: Set<Int32> = []
    var accepted = 0
    var stopped = false
  }

  struct NoSocket: Error {}

  let state = Mutex(State())
  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (HTTPTestServer.Request) -> HTTPTestServer.Reply

  init(listens: Bool, _ answer: @escaping @Sendable (HTTPTestServer.Request) -> HTTPTestServer.Reply) throws {
    self.answer = answer
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
      guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
      return bind(listener, pointer, length) == 0 && (!listens || listen(listener, 128) == 0)
        && getsockname(listener, pointer, &length) == 0
    }
    guard listener >= 0, bound else { throw NoSocket() }
    self.listener = listener
    self.port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(listener) }

  func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      let number: Int? = state.withLock { state in
        guard !state.stopped else { return nil }
        state.open.insert(connection)
        state.accepted += 1
        return state.accepted - 1
      }
      guard let number else {
        close(connection)
        return
      }
      TestThread.start { [self] in serve(connection, number) }
    }
  }

  func stop() {
    state.withLock { state in
      state.stopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  private func serve(_ socket: Int32, _ number: Int) {
    defer {
      _ = state.withLock { $0.open.remove(socket) }
      close(socket)
    }
    var reader = HTTPTestReader(socket: socket)
    while var request = reader.next() {
      request.connection = number
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      request.at = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
      let ready = state.withLock { state in
        request.number = state.requests.count
        state.requests.append(request)
        let ready = state.waiting.filter { $0.0 <= state.requests.count }
        state.waiting.removeAll { $0.0 <= state.requests.count }
        return ready
      }
      for waiting in ready { waiting.1.resume() }
      switch answer(request) {
      case .answer(let status, let headers, let body):
        let head = Self.head(status, headers, length: body.count)
        guard Self.send(socket, head + (request.method == "HEAD" ? [] : body)) else { return }
      case .raw(let bytes):
        _ = Self.send(socket, bytes)
        return
      case .hang:
        reader.waitForEnd()
        return
      case .drop:
        return
      case .dropMidBody(let status, let body):
        _ = Self.send(socket, Self.head(status, [], length: body.count) + body.prefix(body.count / 2))
        return
      }
    }
  }

  private static func head(_ status: Int, _ headers: [(String, String)], length: Int) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(length)"] + headers.map { "\($0.0): \($0.1)" }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static func send(_ socket: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
