import FoundationEssentials
import Glibc
import IngestHTTPClient
import IngestTestKit
import Testing

@Suite struct HTTPClientTests {
  @Test("method, path, headers and body arrive, and the answer is returned")
  func exchange() async throws {
    let server = try HTTPTestServer { _ in .answer(201, headers: [("X-Thing", " a: b ")], body: Array("hello".utf8)) }
    let client = HTTPClient()
    let body = [UInt8]("{\"a\":\0 🙂}".utf8)
    let answer = try await client.send(
      HTTPRequest(
        "POST", url: server.url + "/p?q=1", headers: ["Content-Type": "application/json", "X-Empty": ""], body: body))
    #expect(answer.status == 201)
    #expect(answer.headers["x-thing"] == "a: b")
    #expect(answer.headers["X-None"] == nil)
    #expect(answer.body == Array("hello".utf8))
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.path == "/p?q=1")
    #expect(request["content-type"] == "application/json")
    #expect(request["X-Empty"] == "")
    #expect(request["Expect"] == nil)
    #expect(request.body == body)
  }

  @Test("every method is sent unchanged", arguments: ["GET", "HEAD", "PUT", "DELETE", "PATCH", "POST"])
  func methods(method: String) async throws {
    let server = try HTTPTestServer { _ in .answer(200, body: [1]) }
    let answer = try await HTTPClient().send(HTTPRequest(method, url: server.url))
    #expect(server.requests.map(\.method) == [method])
    #expect(server.requests.first?.body == [])
    #expect(answer.body == (method == "HEAD" ? [] : [1]))
  }

  @Test("a large body is sent and received completely")
  func large() async throws {
    let server = try HTTPTestServer { .answer(200, body: $0.body) }
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 8) }
    let answer = try await HTTPClient().send(HTTPRequest("POST", url: server.url, body: body))
    #expect(answer.body == body)
  }

  @Test("one connection serves one request after another")
  func reuse() async throws {
    let server = try HTTPTestServer { _ in .answer(200) }
    let client = HTTPClient()
    for _ in 0..<5 { _ = try await client.send(HTTPRequest(url: server.url)) }
    #expect(server.requests.count == 5)
    #expect(server.connections == 1)
  }

  @Test("requests run side by side")
  func parallel() async throws {
    let server = try HTTPTestServer { .answer(200, body: Array($0.path.utf8)) }
    let client = HTTPClient()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<50 {
        group.addTask {
          let answer = try await client.send(HTTPRequest(url: server.url + "/\(number)"))
          return String(decoding: answer.body, as: UTF8.self) == "/\(number)"
        }
      }
      for try await right in group { #expect(right) }
    }
  }

  @Test("a redirect is returned as the answer, unless redirects are followed")
  func redirect() async throws {
    let server = try HTTPTestServer { request in
      request.path == "/" ? .answer(302, headers: [("Location", "/there")]) : .answer(200, headers: [("A", "b")])
    }
    let client = HTTPClient()
    #expect(try await client.send(HTTPRequest(url: server.url)).status == 302)
    let followed = try await client.send(HTTPRequest(url: server.url, maximumRedirects: 1))
    #expect(followed.status == 200)
    #expect(followed.headers["Location"] == nil)
  }

  @Test("an answer over the size limit is refused, one at the limit is not")
  func limit() async throws {
    let server = try HTTPTestServer { _ in .answer(200, body: [UInt8](repeating: 7, count: 1000)) }
    let client = HTTPClient()
    #expect(try await client.send(HTTPRequest(url: server.url, maximumResponse: 1000)).body.count == 1000)
    await #expect(throws: HTTPClientError.tooLarge(origin: server.url, limit: 999)) {
      try await client.send(HTTPRequest(url: server.url, maximumResponse: 999))
    }
  }

  @Test("silence ends at the timeout")
  func timeout() async throws {
    let server = try HTTPTestServer { _ in .hang }
    await #expect(throws: HTTPClientError.timeout(origin: server.url, after: .milliseconds(50))) {
      try await HTTPClient().send(HTTPRequest(url: server.url, timeout: .milliseconds(50)))
    }
  }

  @Test("a cancelled task stops its transfer, and the server sees the client disconnect")
  func cancellation() async throws {
    let server = try HTTPTestServer { _ in .hang }
    let client = HTTPClient()
    await withTaskGroup(of: HTTPClientError?.self) { group in
      group.addTask {
        do throws(HTTPClientError) {
          _ = try await client.send(HTTPRequest(url: server.url))
          return nil
        } catch {
          return error
        }
      }
      await server.received(1)
      group.cancelAll()
      for await error in group { #expect(error == .cancelled) }
      // A task that is cancelled before it starts sends nothing.
      group.addTask {
        do throws(HTTPClientError) {
          _ = try await client.send(HTTPRequest(url: server.url))
          return nil
        } catch {
          return error
        }
      }
      for await error in group { #expect(error == .cancelled) }
    }
    #expect(server.requests.count == 1)
  }

  @Test("each kind of network failure has its own error")
  func network() async throws {
    let client = HTTPClient()
    func error(_ url: String) async -> HTTPClientError? {
      do throws(HTTPClientError) {
        _ = try await client.send(HTTPRequest(url: url))
        return nil
      } catch {
        return error
      }
    }
    let absent = try HTTPTestServer(listens: false) { _ in .drop }
    if case .refused(absent.url, _) = await error(absent.url) {} else { Issue.record("not refused") }
    if case .unresolvedHost = await error("http://none.invalid/") {} else { Issue.record("not unresolved") }
    let dropping = try HTTPTestServer { $0.path == "/half" ? .dropMidBody(200, body: [1, 2, 3, 4]) : .drop }
    if case .connectionLost = await error(dropping.url) {} else { Issue.record("not lost") }
    if case .connectionLost = await error(dropping.url + "/half") {} else { Issue.record("not lost in the body") }
    let babble = try HTTPTestServer { _ in .raw(Array("\u{1}\u{2} SSH-2.0\r\n\r\n".utf8)) }
    if case .malformedResponse = await error(babble.url) {} else { Issue.record("not malformed") }
    let plain = try HTTPTestServer { _ in .answer(200) }
    let secure = plain.url.replacing("http:", with: "https:")
    if case .tls = await error(secure) {} else { Issue.record("not tls") }
  }

  @Test(
    "a URL that would be changed on the way is refused",
    arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "http://a b/", "http://a/\r\nX: y", ""])
  func urls(url: String) async throws {
    await #expect {
      try await HTTPClient().send(HTTPRequest(url: url))
    } throws: {
      if case HTTPClientError.malformedRequest = $0 { true } else { false }
    }
  }

  @Test("a header with a line break is refused")
  func headers() async throws {
    let server = try HTTPTestServer { _ in .answer(200) }
    for headers: HTTPHeaders in [["A": "b\r\nC: d"], ["A\nB": "c"], ["": "x"], ["A": "\0"]] {
      await #expect {
        try await HTTPClient().send(HTTPRequest(url: server.url, headers: headers))
      } throws: {
        if case HTTPClientError.malformedRequest = $0 { true } else { false }
      }
    }
    #expect(server.requests.isEmpty)
  }

  @Test("no secret is printed, neither from a header nor from a URL")
  func secrets() async throws {
    let headers: HTTPHeaders = ["Authorization": "Bearer sk-secret"]
    #expect(!"\(headers)".contains("secret"))
    var dumped = ""
    dump(HTTPRequest(url: "http://127.0.0.1", headers: headers), to: &dumped)
    #expect(!dumped.contains("sk-secret"))
    let server = try HTTPTestServer { _ in .drop }
    let url = server.url.replacing("//", with: "//user:sk-secret@") + "/path?key=sk-secret"
    await #expect {
      try await HTTPClient().send(HTTPRequest(url: url))
    } throws: {
      !"\($0)".contains("sk-secret")
    }
  }

  @Test("the proxy of the environment is used, except for the hosts that it excludes")
  func proxy() async throws {
    // The environment belongs to a whole process, so this runs in its own.
    await #expect(processExitsWith: .success) {
      let proxy = try HTTPTestServer { _ in .answer(200, body: Array("proxied".utf8)) }
      let server = try HTTPTestServer { _ in .answer(200, body: Array("direct".utf8)) }
      setenv("http_proxy", proxy.url, 1)
      setenv("no_proxy", "127.0.0.1", 1)
      let client = HTTPClient()
      #expect(try await client.send(HTTPRequest(url: server.url)).body == Array("direct".utf8))
      #expect(try await client.send(HTTPRequest(url: "http://embedder.invalid/v1")).body == Array("proxied".utf8))
      #expect(proxy.requests.map(\.path) == ["http://embedder.invalid/v1"])
    }
  }

  @Test("a client's thread ends with the client")
  func threads() async throws {
    await #expect(processExitsWith: .success) {
      let server = try HTTPTestServer { _ in .answer(200) }
      func threads() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
      _ = try await HTTPClient().send(HTTPRequest(url: server.url))
      let after = try threads()
      for _ in 0..<20 { _ = try await HTTPClient().send(HTTPRequest(url: server.url)) }
      #expect(try threads() <= after + 8)
    }
  }
}
