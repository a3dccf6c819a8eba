internal import CCurl

/// One request in progress: libcurl's handle and the received bytes. After its start only the client's thread uses it.
final class Transfer {
  let handle: UnsafeMutableRawPointer
  private let request: HTTPRequest
  private let origin: String
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var headers: HTTPHeaders = [:]
  private var body: [UInt8] = []
  private var overflowed = false

  init(_ request: HTTPRequest) throws(HTTPClientError) {
    try Self.check(request)
    guard let handle = curl_easy_init() else { throw .malformedRequest("libcurl has no memory") }
    self.handle = handle
    self.request = request
    self.origin = Self.origin(of: request.url)
    do {
      try configure()
    } catch {
      throw .malformedRequest(error.detail)
    }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
  }

  /// Returns the result of the transfer from the code that libcurl reports.
  func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPClientError> {
    if overflowed { return .failure(.tooLarge(origin: origin, limit: request.maximumResponse)) }
    guard code == CURLE_OK else { return .failure(failure(code)) }
    return .success(HTTPResponse(status: ingestd_curl_status(handle), headers: headers, body: body))
  }

  fileprivate func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= request.maximumResponse else {
      overflowed = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  fileprivate func receiveHeader(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self).trimmed
    // Interim responses and followed redirects come first. Only the headers of the last response are kept.
    if line.hasPrefix("HTTP/") {
      headers = [:]
    } else if let colon = line.firstIndex(of: ":") {
      headers.add(String(line[..<colon]), String(line[line.index(after: colon)...]).trimmed)
    }
  }

  private struct OptionError: Error {
    var detail: String
  }

  private func configure() throws(OptionError) {
    func accept(_ code: CURLcode) throws(OptionError) {
      guard code == CURLE_OK else { throw OptionError(detail: String(cString: curl_easy_strerror(code))) }
    }
    func set(_ option: CURLoption, _ value: Int) throws(OptionError) {
      try accept(ingestd_curl_set_long(handle, option, value))
    }
    func set(_ option: CURLoption, _ value: String) throws(OptionError) {
      try accept(ingestd_curl_set_text(handle, option, value))
    }
    let context = Unmanaged.passUnretained(self).toOpaque()
    try set(CURLOPT_URL, request.url)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, request.maximumRedirects > 0 ? 1 : 0)
    try set(CURLOPT_MAXREDIRS, request.maximumRedirects)
    // Otherwise libcurl implements time-outs by a signal, which would hit other threads.
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeout.wholeMilliseconds))
    try set(CURLOPT_TIMEOUT_MS, max(1, request.timeout.wholeMilliseconds))
    // Accepts every encoding that libcurl can decode.
    try set(CURLOPT_ACCEPT_ENCODING, "")
    switch (request.method, request.body) {
    case ("GET", nil): try set(CURLOPT_HTTPGET, 1)
    case ("HEAD", _): try set(CURLOPT_NOBODY, 1)
    case (let method, let body):
      try set(CURLOPT_CUSTOMREQUEST, method)
      // Without a pointer to bytes libcurl would read standard input.
      if body?.isEmpty ?? ["POST", "PUT", "PATCH"].contains(method) {
        try set(CURLOPT_COPYPOSTFIELDS, "")
      } else if let body {
        try accept(ingestd_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, body.count))
        try accept(
          body.withUnsafeBytes { bytes in
            ingestd_curl_set_pointer(
              handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
          })
      }
    }
    try accept(ingestd_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
    try accept(ingestd_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
    try accept(
      ingestd_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let accepted = transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return accepted ? size * count : 0
      })
    try accept(
      ingestd_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
      })
    // Otherwise libcurl asks for permission (`Expect: 100-continue`) before each larger body, and waits a second for
    // servers that do not answer.
    headerList = curl_slist_append(nil, "Expect:")
    for field in request.headers.fields {
      // A field with an empty value needs a semicolon: with a colon libcurl would remove the field.
      headerList = curl_slist_append(
        headerList, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    try accept(ingestd_curl_set_pointer(handle, CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(headerList)))
  }

  private func failure(_ code: CURLcode) -> HTTPClientError {
    let detail = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_URL_MALFORMAT:
      return .malformedRequest(detail)
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .unresolvedHost(origin: origin)
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: return .refused(origin: origin, detail: detail)
    case CURLE_OPERATION_TIMEDOUT: return .timeout(origin: origin, after: request.timeout)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return .tls(origin: origin, detail: detail)
    // The request's own scheme was checked before. An unsupported protocol here is HTTP/0.9 or the target of a
    // redirect.
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_TOO_MANY_REDIRECTS,
      CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .malformedResponse(origin: origin, detail: detail)
    default: return .connectionLost(origin: origin, detail: detail)
    }
  }
}

extension Transfer {
  /// Refuses a request that libcurl would send as a different one.
  private static func check(_ request: HTTPRequest) throws(HTTPClientError) {
    let token = { (text: String) in
      !text.isEmpty
        && text.utf8.allSatisfy {
          (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "!#$%&'*+-.^_`|~".utf8.contains($0)
        }
    }
    guard token(request.method) else { throw .malformedRequest("\"\(request.method)\" is not a method") }
    let url = request.url
    guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw .malformedRequest("its URL does not begin with http:// or https://, or has characters that must be escaped")
    }
    for field in request.headers.fields {
      guard token(field.name), field.value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
        throw .malformedRequest("the header \(field.name) has characters that a header cannot carry")
      }
    }
  }

  /// Returns scheme, host and port of the URL, without user and password.
  private static func origin(of url: String) -> String {
    guard let scheme = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "the server" }
    let rest = url[scheme...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return "\(url[..<scheme])://\(host)"
  }
}

extension StringProtocol {
  /// The text without the white space that HTTP allows around values and at the ends of lines.
  fileprivate var trimmed: String {
    let space: (UInt8) -> Bool = { $0 == 32 || $0 == 9 || $0 == 13 || $0 == 10 }
    let bytes = Array(utf8).drop(while: space)
    return String(
      decoding: bytes[..<(bytes.lastIndex { !space($0) }.map { $0 + 1 } ?? bytes.startIndex)], as: UTF8.self)
  }
}

extension Duration {
  /// The duration in whole milliseconds, rounded down. At most about eleven days, which fits libcurl's type on any
  /// platform.
  fileprivate var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(min(seconds, 1_000_000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
  }
}
