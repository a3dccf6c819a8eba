package import IngestCore

/// Everything that can be configured, with what holds where nobody says anything.
///
/// ``ConfigurationKey/all`` names, types and explains each value; this type only holds them.
package struct Configuration: Hashable, Sendable {
  package struct Worker: Hashable, Sendable {
    /// Jobs at once.
    package var concurrency = 8
    package var lease: Duration = .seconds(30)
    package var heartbeat: Duration = .seconds(10)
    package var shutdownGrace: Duration = .seconds(15)
  }

  package struct Store: Hashable, Sendable {
    package enum Synchronous: String, Sendable, CaseIterable {
      case full
      case normal
    }

    package var synchronous = Synchronous.full
    package var busyTimeout: Duration = .seconds(30)
  }

  /// Limits of the parser child, each for one document.
  package struct Parser: Hashable, Sendable {
    /// Children at once. One more than two processors: while one waits to be handed its next document, another reads.
    package var processes = 3
    package var cpu: Duration = .seconds(60)
    package var memory = ByteSize(bytes: 1 << 30)
    package var wall: Duration = .seconds(120)
    package var pages = 10_000
    package var characters = 50_000_000
  }

  package struct Index: Hashable, Sendable {
    /// Nil for ``Configuration/defaultEmbedder``.
    package var embedder: String?
    package var target: Int?
    package var maximum: Int?
    package var overlap: Int?
  }

  package struct Blobs: Hashable, Sendable {
    package var collectionGrace: Duration = .seconds(3600)
  }

  /// How long what has ended is kept; nil for ever.
  package struct Retention: Hashable, Sendable {
    package var completed: Duration? = .seconds(7 * 86_400)
    package var cancelled: Duration? = .seconds(7 * 86_400)
    package var dead: Duration? = .seconds(90 * 86_400)
    package var journal: Duration? = .seconds(30 * 86_400)
    /// Between two rounds of a worker's upkeep.
    package var interval: Duration = .seconds(600)
  }

  package struct Idempotency: Hashable, Sendable {
    package var life: Duration = SubmitRequest.standardKeyLife
  }

  package struct Log: Hashable, Sendable {
    package enum Level: String, Sendable, CaseIterable {
      case error
      case warning
      case info
      case debug
    }

    package enum Format: String, Sendable, CaseIterable {
      case text
      case json
    }

    package var level: Level
    package var format: Format

    package init(level: Level = .info, format: Format = .text) {
      self.level = level
      self.format = format
    }
  }

  package var worker = Worker()
  package var store = Store()
  package var parser = Parser()
  package var chunker = ChunkerSettings()
  /// Those that the user declared, by name; `hash` is not among them.
  package var embedders: [String: EmbedderSettings] = [:]
  package var defaultEmbedder = EmbedderSettings.hash.name
  /// By name. An index that is not here has the defaults.
  package var indexes: [String: Index] = [:]
  /// By name. A source that is not here has no limits of its own, and a weight of 1.
  package var sources: [String: Source] = [:]
  var limitFields: [LimitFields] = []
  package var breaker = Breaker()
  /// By name.
  package var schedules: [String: Schedule] = [:]
  package var blobs = Blobs()
  package var retention = Retention()
  package var idempotency = Idempotency()
  package var log = Log()
  /// Nil for `workflows` in the data folder.
  package var workflowsFolder: String?

  package init() {}
}

extension Configuration {
  /// The embedder of this name, the built-in one included.
  package func embedder(_ name: String) -> EmbedderSettings? {
    name == EmbedderSettings.hash.name ? .hash : embedders[name]
  }

  /// The names that ``embedder(_:)`` knows, sorted.
  package var embedderNames: [String] { ([EmbedderSettings.hash.name] + embedders.keys).sorted() }

  /// The name of the embedder that new generations of an index use.
  package func embedderName(forIndex index: String) -> String { indexes[index]?.embedder ?? defaultEmbedder }

  /// How new generations of an index are cut.
  package func chunker(forIndex index: String) -> ChunkerSettings {
    let own = indexes[index]
    return ChunkerSettings(
      target: own?.target ?? chunker.target, maximum: own?.maximum ?? chunker.maximum,
      overlap: own?.overlap ?? chunker.overlap)
  }
}
