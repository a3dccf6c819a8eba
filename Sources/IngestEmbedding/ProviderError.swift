internal import IngestCore

/// A provider's description of a failure, in any of these formats: OpenAI's and vLLM's `{"error":{"message",…}}`,
/// Ollama's and TEI's `{"error":"…"}`, TEI's flat `{"message","code","type"}`, FastAPI's `{"detail":…}`, or plain text.
struct ProviderError: Sendable {
  /// The message in one line, shortened, never empty.
  var message: String
  var code: String?
  var type: String?
  var parameter: String?

  /// - Parameter hiding: a secret that must not appear in the message, such as the key.
  init(status: Int, body: [UInt8], hiding secret: String?) {
    // Some servers put a byte order mark before their JSON.
    let body = body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : body
    let shape = JSONValue(parsing: body).flatMap { if case .object = $0 { $0 } else { nil } }
    let inner = shape?["error"]
    let given =
      inner?["message"]?.string ?? inner?.string ?? shape?["message"]?.string ?? shape?["detail"]?.string
    var text = given ?? (shape == nil ? String(decoding: body.prefix(1000), as: UTF8.self) : "")
    if let secret, !secret.isEmpty { text = text.replacing(secret, with: "***") }
    text = text.split { $0.isWhitespace }.joined(separator: " ")
    message = text.isEmpty ? "no reason given" : text.start(scalars: 300)
    code = inner?["code"]?.code ?? shape?["code"]?.code
    type = inner?["type"]?.string ?? shape?["type"]?.string
    parameter = inner?["param"]?.string ?? shape?["param"]?.string
  }
}

extension JSONValue {
  fileprivate var string: String? { if case .text(let text) = self { text } else { nil } }

  /// A code, which is a word or a number.
  fileprivate var code: String? { if case .integer(let number) = self { "\(number)" } else { string } }
}
