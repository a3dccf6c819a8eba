package import IngestCore

/// All configuration values and their defaults.
///
/// ``ConfigurationKey/all`` has the name, type and description of each value; this type only holds the values.
package struct Configuration: Hashable, Sendable {
  package struct Worker: Hashable, Sendable {
    /// The number of jobs at once.
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

  /// The limits of a parser process, each for one document.
  package struct Parser: Hashable, Sendable {
    /// The number of parser processes. One more than two processors: while one process waits for its next document,
    /// another one works.
    package var processes = 3
    package var cpu: Duration = .seconds(60)
    package var memory = ByteSize(bytes: 1 << 30)
    package var wall: Duration = .seconds(120)
    package var pages = 10_000
    package var characters = 50_000_000
  }

  package struct Index: Hashable, Sendable {
    /// Nil means ``Configuration/defaultEmbedder``.
    package var embedder: String?
    package var target: Int?
    package var maximum: Int?
    package var overlap: Int?
  }

  package struct Blobs: Hashable, Sendable {
    package var collectionGrace: Duration = .seconds(3600)
  }

  /// How long ended jobs and the journal are kept. Nil means forever.
  package struct Retention: Hashable, Sendable {
    package var completed: Duration? = .seconds(7 * 86_400)
    package var cancelled: Duration? = .seconds(7 * 86_400)
    package var dead: Duration? = .seconds(90 * 86_400)
    package var journal: Duration? = .seconds(30 * 86_400)
    /// The time between two rounds of a worker's upkeep.
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
  /// The embedders that the user declared, by name, without `hash`.
  package var embedders: [String: EmbedderSettings] = [:]
  package var defaultEmbedder = EmbedderSettings.hash.name
  /// By name. An index that is missing here has the defaults.
  package var indexes: [String: Index] = [:]
  /// By name. A source that is missing here has no limits of its own and a weight of 1.
  package var sources: [String: Source] = [:]
  var limitFields: [LimitFields] = []
  package var breaker = Breaker()
  /// By name.
  package var schedules: [String: Schedule] = [:]
  package var blobs = Blobs()
  package var retention = Retention()
  package var idempotency = Idempotency()
  package var log = Log()
  /// Nil means `workflows` in the data folder.
  package var workflowsFolder: String?

  package init() {}
}

extension Configuration {
  /// Returns the embedder with this name, including the built-in one.
  package func embedder(_ name: String) -> EmbedderSettings? {
    name == EmbedderSettings.hash.name ? .hash : embedders[name]
  }

  /// The names of all embedders, including the built-in one, sorted.
  package var embedderNames: [String] { ([EmbedderSettings.hash.name] + embedders.keys).sorted() }

  /// Returns the name of the embedder for new generations of an index.
  package func embedderName(forIndex index: String) -> String { indexes[index]?.embedder ?? defaultEmbedder }

  /// Returns the chunker settings for new generations of an index.
  package func chunker(forIndex index: String) -> ChunkerSettings {
    let own = indexes[index]
    return ChunkerSettings(
      target: own?.target ?? chunker.target, maximum: own?.maximum ?? chunker.maximum,
      overlap: own?.overlap ?? chunker.overlap)
  }
}
