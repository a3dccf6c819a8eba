import IngestCore
import IngestDigest

/// What the providers were paid for.
struct Payments {
  struct Text: Hashable {
    var embedder: String
    var hash: ContentHash
  }

  /// When the answer was first kept.
  var kept: [Text: Int64] = [:]
  /// When each process last looked whether it is kept.
  var looked: [WorkerID: [Text: Int64]] = [:]
  /// How many texts were paid for, and how many of them were before.
  var texts = 0
  var again = 0
  var ever: Set<Text> = []
}

extension Oracle {
  func looked(for texts: [ContentHash], embedder: String, by host: WorkerHost) {
    let now = tick()
    for text in texts {
      payments.looked[host.id, default: [:]][.init(embedder: embedder, hash: text)] = now
    }
  }

  func kept(_ texts: [ContentHash], embedder: String) {
    let now = tick()
    for text in texts {
      let text = Payments.Text(embedder: embedder, hash: text)
      if payments.kept[text] == nil { payments.kept[text] = now }
    }
  }

  /// A provider answers, and is paid. Asked for again may be only what had no committed answer when the process looked.
  func paid(_ model: String, _ texts: [String], by host: WorkerHost) {
    trace.note(model, "is paid for \(texts.count) texts by \(host.name)")
    for text in texts {
      let key = Payments.Text(
        embedder: SimulatedProvider.settings(model).spec.fingerprint,
        hash: ContentHash(rawValue: SHA256.hash(text)))
      payments.texts += 1
      if !payments.ever.insert(key).inserted { payments.again += 1 }
      guard let kept = payments.kept[key], kept < payments.looked[host.id]?[key] ?? .max else {
        continue
      }
      return broken(
        .nothingPaidTwice,
        "\(host.name) pays \(model) again for a text whose vector was kept before it looked: \"\(text.prefix(60))\"."
      )
    }
  }
}
