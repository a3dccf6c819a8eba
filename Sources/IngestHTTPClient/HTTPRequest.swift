/// A request to a server.
package struct HTTPRequest: Sendable {
  package var method: String
  /// An address with the scheme `http` or `https`.
  package var url: String
  package var headers: HTTPHeaders
  /// Nil sends no body.
  package var body: [UInt8]?
  /// The time from the start to the last byte of the response.
  package var timeout: Duration
  package var connectTimeout: Duration
  /// The most bytes in the response's body, after decompression.
  package var maximumResponse: Int
  /// The number of redirects to follow. By default none: a redirect is returned like any other response.
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

/// A server's response, with any status.
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
