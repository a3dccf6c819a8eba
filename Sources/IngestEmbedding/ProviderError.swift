internal import FoundationEssentials
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
    let shape = try? JSONDecoder().decode(Shape.self, from: Data(body))
    let inner = shape?.inner
    let given = inner?.message ?? shape?.error ?? shape?.message ?? shape?.detail
    var text = given ?? (shape == nil ? String(decoding: body.prefix(1000), as: UTF8.self) : "")
    if let secret, !secret.isEmpty { text = text.replacing(secret, with: "***") }
    text = text.split { $0.isWhitespace }.joined(separator: " ")
    message = text.isEmpty ? "no reason given" : text.start(scalars: 300)
    code = inner?.code?.text ?? shape?.code?.text
    type = inner?.type ?? shape?.type
    parameter = inner?.param ?? shape?.param
  }

  private struct Shape: Decodable {
    var inner: Inner?
    var error: String?
    var message: String?
    var code: Code?
    var type: String?
    var param: String?
    var detail: String?

    private enum Key: String, CodingKey {
      case error, message, code, type, param, detail
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      inner = try? values.decode(Inner.self, forKey: .error)
      error = try? values.decode(String.self, forKey: .error)
      message = try? values.decode(String.self, forKey: .message)
      code = try? values.decode(Code.self, forKey: .code)
      type = try? values.decode(String.self, forKey: .type)
      param = try? values.decode(String.self, forKey: .param)
      detail = try? values.decode(String.self, forKey: .detail)
    }
  }

  private struct Inner: Decodable {
    var message: String?
    var code: Code?
    var type: String?
    var param: String?
  }

  /// A code that is a word or a number.
  private struct Code: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        text = "\(number)"
      } else {
        text = try value.decode(String.self)
      }
    }
  }
}
