/// What is asked of a server.
package struct HTTPRequest: Sendable {
  package var method: String
  /// `http` or `https`.
  package var url: String
  package var headers: HTTPHeaders
  /// nil sends none.
  package var body: [UInt8]?
  /// From the start to the last byte of the answer.
  package var timeout: Duration
  package var connectTimeout: Duration
  /// Bytes of the answer's body after decompression, at most.
  package var maximumResponse: Int
  /// How many redirects are followed; by default they are answers like any other.
  package var maximumRedirects: Int

  package init(
    _ method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
    timeout: Duration = .seconds(60), connectTimeout: Duration = .seconds(10), maximumResponse: Int = 64 << 20,
    maximumRedirects: Int = 0
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maximumResponse = maximumResponse
    self.maximumRedirects = maximumRedirects
  }
}

/// What a server answered, whatever its status.
package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]

  package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
