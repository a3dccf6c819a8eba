import IngestCore
import IngestDigest

/// The texts that providers were paid for.
struct Payments {
  struct Text: Hashable {
    var embedder: String
    var hash: ContentHash
  }

  /// When each answer was first stored.
  var kept: [Text: Int64] = [:]
  /// When each process last queried the cache for each text.
  var queried: [WorkerID: [Text: Int64]] = [:]
  /// Number of texts paid for, and how many of them had been paid for before.
  var texts = 0
  var again = 0
  var ever: Set<Text> = []
}

extension Oracle {
  func queried(_ texts: [ContentHash], embedder: String, by host: WorkerHost) {
    let now = tick()
    for text in texts {
      payments.queried[host.id, default: [:]][.init(embedder: embedder, hash: text)] = now
    }
  }

  func kept(_ texts: [ContentHash], embedder: String) {
    let now = tick()
    for text in texts {
      let text = Payments.Text(embedder: embedder, hash: text)
      if payments.kept[text] == nil { payments.kept[text] = now }
    }
  }

  /// Records that a provider answered and was paid. A text may be paid for again only if no committed answer existed
  /// when the process last queried the cache.
  func paid(_ model: String, _ texts: [String], by host: WorkerHost) {
    trace.note(model, "is paid for \(texts.count) texts by \(host.name)")
    for text in texts {
      let key = Payments.Text(
        embedder: SimulatedProvider.settings(model).spec.fingerprint,
        hash: ContentHash(rawValue: SHA256.hash(text)))
      payments.texts += 1
      if !payments.ever.insert(key).inserted { payments.again += 1 }
      guard let kept = payments.kept[key], kept < payments.queried[host.id]?[key] ?? .max else {
        continue
      }
      return broken(
        .nothingPaidTwice,
        "\(host.name) pays \(model) again for a text whose vector was stored before it queried: \"\(text.prefix(60))\"."
      )
    }
  }
}
