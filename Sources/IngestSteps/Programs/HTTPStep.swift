import FoundationEssentials
package import IngestCore
import IngestDigest
import IngestHTTPClient

/// The step `http`: sends the JSON that a program would read to a server of the user's, signed, and stores the response
/// as the result. `docs/workflows.md` has the contract.
package struct HTTPStep: Step {
  package static let declaration = StepKind(
    "http", "Sends the same JSON as `exec` to a server of yours, signed; the response is the result.",
    settings: [
      StepSetting("url", .address, isRequired: true, "The address of the server."),
      StepSetting("method", .choice(["POST", "PUT", "PATCH"]), default: standardMethod, "The request's method."),
      StepSetting(
        "headers", .map(.header, .text(maximum: 4096)), "Headers. Put no secrets here: these values are stored."),
      StepSetting(
        "headers-env", .map(.header, .variable), "Headers whose values come from the worker's environment variables."),
      StepSetting("secret-env", .variable, "The environment variable with the key that signs the body."),
      StepSetting("secret-file", .absolutePath, "The file with that key, in place of a variable."),
      StepSetting(
        "answer-timeout", .duration(.milliseconds(100) ... .seconds(3600)), default: standardTimeout.compact,
        "The longest time until the response is complete."),
      StepSetting(
        "answer-limit", .size(ByteSize(bytes: 1024)...ByteSize(bytes: 16 << 20)),
        default: ByteSize(bytes: standardLimit).description, "The most bytes of a response."),
    ], atMostOne: [["secret-env", "secret-file"]])
  let services: StepServices

  private static let standardMethod = "POST"
  private static let standardTimeout: Duration = .seconds(60)
  private static let standardLimit = 64 * 1024

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let url = try input.required("url", input.text("url"))
    let verdict = HTTPVerdict(server: HTTPOrigin(url))
    var request = HTTPRequest(input.text("method") ?? Self.standardMethod, url: url, body: body(input))
    request.timeout = input.duration("answer-timeout") ?? Self.standardTimeout
    request.maximumResponse = input.integer("answer-limit") ?? Self.standardLimit
    request.headers = try headers(input, request.body ?? [], now: context.clock.now)
    let permit = try await services.gate?.enter(
      DependencyCall(dependency: verdict.server.dependency, provider: verdict.server.name))
    do {
      let response = try await services.http.send(request)
      let result = try verdict.result(response)
      await leave(permit, nil)
      return StepOutput(result: result)
    } catch {
      let failure = Failure(verdict.failure(for: error, limit: request.maximumResponse))
      await leave(permit, failure)
      throw failure.kind == .cancelled ? CancellationError() : failure as any Error
    }
  }

  private func leave(_ permit: DependencyPermit?, _ failure: Failure?) async {
    guard let permit else { return }
    let advice = ProviderAdvice(retryAfter: failure?.kind == .throttled ? failure?.retryAfter : nil)
    await services.gate?.leave(permit, DependencyCallEnd(outcome: BreakerOutcome(failure), advice: advice))
  }

  private func body(_ input: StepInput) -> [UInt8] {
    let content = input.contentOfTask.map { content in
      JSONValue.object(["sha256": .text(content.hash.rawValue), "size": .integer(content.size)])
    }
    return Array(input.message(content: content).description.utf8)
  }

  private func headers(_ input: StepInput, _ body: [UInt8], now: Timestamp) throws -> HTTPHeaders {
    var headers: HTTPHeaders = ["Content-Type": "application/json", "User-Agent": "ingestd"]
    for (name, value) in input.textMap("headers").sorted(by: { $0.key < $1.key }) { headers[name] = value }
    for (name, variable) in input.textMap("headers-env") { headers[name] = try secret(variable: variable).reveal() }
    headers["Idempotency-Key"] = input.idempotencyKey
    if let key = try key(input) {
      let seconds = now.rawValue / 1_000_000
      let signed = Array("\(seconds).".utf8) + body
      let signature = HMAC.sha256(signed, key: Array(key.reveal().utf8))
      headers["X-Ingestd-Signature"] = "t=\(seconds),v1=\(signature)"
    }
    return headers
  }

  private func key(_ input: StepInput) throws -> Secret? {
    if let variable = input.text("secret-env") { return try secret(variable: variable) }
    guard let path = input.text("secret-file") else { return nil }
    guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 16 * 1024 else {
      throw Self.noSecret("the file \(path) cannot be read")
    }
    return try secret(String(decoding: bytes, as: UTF8.self), of: "the file \(path)")
  }

  private func secret(variable: String) throws -> Secret {
    guard let text = services.environment[variable] else {
      throw Self.noSecret("the worker has no variable \(variable)")
    }
    return try secret(text, of: "the variable \(variable)")
  }

  private func secret(_ text: String, of place: String) throws -> Secret {
    var key = text[...]
    while key.first?.isWhitespace == true { key.removeFirst() }
    while key.last?.isWhitespace == true { key.removeLast() }
    // A line end in the key would end the header that carries it.
    guard !key.isEmpty, key.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) }) else {
      throw Self.noSecret("\(place) does not hold one line of printable characters")
    }
    return Secret(String(key))
  }

  private static func noSecret(_ why: String) -> Failure {
    Failure(
      .permanent, code: "HTTP_SECRET_MISSING", "The step cannot read a key that it sends or signs with: \(why).",
      hint: "Start the worker with the key, then redrive the job.")
  }
}

/// The server that an `http` step calls.
package struct HTTPOrigin {
  /// Host and port, for people and for limits.
  package let name: String
  /// The name of its breaker.
  var dependency: String { "http:\(name)" }

  package init(_ url: String) {
    let lower = url.lowercased()
    let rest = lower.drop { $0 != "/" }.drop { $0 == "/" }
    let authority = rest.prefix { !"/?#".contains($0) }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    let port = host.lastIndex(of: ":").map { host[host.index(after: $0)...] }
    // An IPv6 address contains colons too, in brackets.
    let hasPort = port?.allSatisfy { $0.isNumber } ?? false
    name = hasPort ? String(host) : "\(host):\(lower.hasPrefix("https") ? 443 : 80)"
  }
}
