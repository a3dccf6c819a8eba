import Glibc

/// Reads one request after another from a connection. It knows just enough HTTP for a client that behaves well.
struct HTTPTestReader {
  let socket: Int32
  private var buffer: [UInt8] = []

  init(socket: Int32) { self.socket = socket }

  /// Returns the next request; nil when the client has disconnected.
  mutating func next() -> HTTPTestServer.Request? {
    var end: Int?
    while end == nil {
      end = buffer.indices.first { buffer[$0...].starts(with: [13, 10, 13, 10]) }
      // The client starts a TLS handshake. This server has no certificate and closes the connection.
      if end == nil, buffer.first == 22 || !more() { return nil }
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end], as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    buffer.removeFirst(end + 4)
    let start = (lines.first ?? "").split(separator: " ")
    guard start.count == 3 else { return nil }
    var request = HTTPTestServer.Request(
      method: String(start[0]), path: String(start[1]), headers: [], body: [], number: 0, connection: 0)
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      request.headers.append((String(line[..<colon]), String(value)))
    }
    let length = request["Content-Length"].flatMap { Int($0) } ?? 0
    while buffer.count < length {
      if !more() { return nil }
    }
    request.body = Array(buffer.prefix(length))
    buffer.removeFirst(length)
    return request
  }

  /// Returns when the client has disconnected or the connection was shut down.
  mutating func waitForEnd() {
    while more() {}
  }

  private mutating func more() -> Bool {
    let size = 64 * 1024
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { room, count in
      repeat { count = recv(socket, room.baseAddress, size, 0) } while count < 0 && errno == EINTR
      count = max(0, count)
    }
    buffer += bytes
    return !bytes.isEmpty
  }
}
