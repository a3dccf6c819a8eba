import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestProcess
import IngestSteps

extension FuzzTarget {
  /// An embedding provider's answer: a byte for the status, a byte for the number of texts, headers up to an empty
  /// line, and the body.
  static let embeddingAnswer = FuzzTarget(
    "embedding-answer",
    words: [
      "{\"data\":[", "\"embedding\":", "\"index\":", "\"usage\":{\"total_tokens\":", "\"error\":{\"message\":", "NaN",
      "1e999",
      "\"code\":\"insufficient_quota\"", "\"detail\":", "null", "\"AACAPwAAAEA=\"", "\n\n", "retry-after: ",
    ]
  ) { bytes in
    guard bytes.count > 2 else { return }
    let statuses = [
      200, 201, 204, 301, 400, 401, 402, 403, 404, 408, 413, 418, 422, 424, 429, 500, 503, 505, 599, 999, 0, -1,
    ]
    let status = statuses[Int(bytes[0]) % statuses.count]
    let count = Int(bytes[1]) % 4
    let (headers, body) = message(bytes.dropFirst(2))
    let secret = "sk-hidden"
    let spec = EmbedderSpec(name: "e", provider: "openai", model: "m", dimensions: 2)
    let response = HTTPResponse(status: status, headers: headers, body: body)
    let verdict = ProviderVerdict.decide(response, count: count, spec: spec, hiding: secret)
    switch verdict {
    case .vectors(let answer):
      try require((200..<300).contains(status), "vectors of an answer \(status)")
      try require(answer.vectors.count == count, "\(answer.vectors.count) vectors for \(count) texts")
      try require((answer.tokens ?? 0) >= 0, "a negative number of tokens")
      for case .success(let vector) in answer.vectors {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        try require(vector.count == 2 && abs(length - 1) < 1e-4, "a vector of length \(length)")
      }
    case .tooMuch(let detail), .refused(_, let detail):
      try require(!detail.isEmpty && !detail.contains(secret), "a refusal that is empty or contains the key")
      try require(detail.unicodeScalars.count <= 300, "a refusal of \(detail.utf8.count) bytes")
    case .failed(let error):
      let failure = error.failure
      try require(!failure.code.isEmpty && !failure.message.contains(secret), "a failure that contains the key")
      if let wait = failure.retryAfter { try judge(wait) }
    }
    try judge(ProviderAdvice(headers, status: status))
  }

  /// `Retry-After` and related headers: a name and a value per line.
  static let waitHeaders = FuzzTarget(
    "wait-headers", longest: 512,
    words: [
      "retry-after: ", "retry-after-ms: ", "date: ", "x-ratelimit-remaining-requests: 0\n",
      "x-ratelimit-reset-requests: ",
      "x-ratelimit-limit-tokens: ", "Sun, 06 Nov 1994 08:49:37 GMT", "6m0s", "1e308", "nan", "inf", "0x1p3", "½",
    ]
  ) { bytes in
    let (headers, _) = message(bytes[...])
    if let wait = RetryAfter.duration(headers) { try judge(wait) }
    for status in [200, 429, 503] { try judge(ProviderAdvice(headers, status: status)) }
  }

  private static func message(_ bytes: ArraySlice<UInt8>) -> (HTTPHeaders, [UInt8]) {
    var headers: HTTPHeaders = [:]
    var rest = bytes
    while let end = rest.firstIndex(of: 10), let colon = rest[..<end].firstIndex(of: 58) {
      let name = String(decoding: rest[rest.startIndex..<colon], as: UTF8.self)
      headers.add(name, String(decoding: rest[(colon + 1)..<end].drop { $0 == 32 }, as: UTF8.self))
      rest = rest[(end + 1)...]
    }
    return (headers, Array(rest))
  }

  private static func judge(_ wait: Duration) throws {
    try require(wait >= .zero && wait <= .seconds(3600), "a wait of \(wait)")
  }

  private static func judge(_ advice: ProviderAdvice) throws {
    if let wait = advice.retryAfter { try judge(wait) }
    for allowance in [advice.requests, advice.tokens].compactMap({ $0 }) {
      try require((allowance.limit ?? 0) >= 0 && (allowance.remaining ?? 0) >= 0, "a negative allowance")
      if let reset = allowance.reset { try judge(reset) }
    }
  }

  /// The output of a user's program, or a server's answer: a byte for the status, then the text.
  static let stepAnswers = FuzzTarget(
    "step-answers", longest: 16_384,
    words: [
      "{\"error\":{", "\"kind\":\"throttled\"", "\"retry_after_ms\":", "\"code\":\"A_B\"", "\"message\":", "\\u0000",
    ]
  ) { bytes in
    guard let first = bytes.first else { return }
    let said = Array(bytes.dropFirst())
    let command = try ProgramCommand(
      StepInput(job: JobID(rawValue: "j"), with: ["command": .list([.text("x")])], task: "{}"), environment: [:])
    let status: ExitStatus = first < 240 ? .exited(Int32(first)) : .signalled(Int32(first) - 239)
    let end = ProgramEnd(status: status, output: said, isTooLong: first == 239)
    try judge { () throws(Failure) in
      try ProgramVerdict(command, end, lastLine: String(decoding: said.prefix(40), as: UTF8.self)).result()
    }
    let verdict = HTTPVerdict(server: HTTPOrigin("http://host/\(first)"))
    let statuses = [200, 204, 301, 400, 404, 408, 425, 429, 500, 503, 0, 1000]
    let response = HTTPResponse(status: statuses[Int(first) % statuses.count], body: said)
    try judge { () throws(Failure) in try verdict.result(response) }
  }

  /// Checks that a result is a small JSON object, or that a failure is of a kind in which a step may end.
  private static func judge(_ answer: () throws(Failure) -> String) throws {
    do {
      let text = try answer()
      guard case .object? = JSONValue(parsing: text) else { throw Broken("a result that is not an object: \(text)") }
      try require(text.utf8.count <= StepOutput.resultLimit, "a result of \(text.utf8.count) bytes")
    } catch let failure as Failure {
      try require(!failure.code.isEmpty && !failure.message.isEmpty, "a failure without code or message")
      try require(![.poison, .cancelled].contains(failure.kind), "a program chose \(failure.kind)")
      if let wait = failure.retryAfter {
        try require(wait >= .zero && wait <= .seconds(366 * 86_400), "a wait of \(wait)")
      }
    }
  }

  static let json = FuzzTarget("json", words: ["\\ud83d", "\\ude00", "1e308", "-0", "{\"a\":", "[[[[", "null"]) {
    bytes in
    guard let value = JSONValue(parsing: bytes) else { return }
    let text = value.description
    guard let again = JSONValue(parsing: text) else { throw Broken("a written value cannot be read: \(text)") }
    try require(again.equals(value), "a value does not survive being written: \(text)")
    try require(again.description == text, "a value is written in two ways: \(text)")
    if value.precedes(again) == true { throw Broken("a value precedes itself: \(text)") }
  }
}
