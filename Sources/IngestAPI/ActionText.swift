package import IngestCore

/// An action on its own in a response. A front door writes it as one text, so a reader gets a text.
package enum ActionText: Codable, Hashable, Sendable {
  case action(Action)
  case text(String)

  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = .text(text)
    } else {
      self = .action(try Action(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .action(let action): try action.encode(to: encoder)
    case .text(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    }
  }
}
