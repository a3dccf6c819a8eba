private import IngestCore

extension ConfigurationKey {
  /// Every key, in the order of the reference page.
  package static let all: [ConfigurationKey] =
    worker + store + parser + chunker + embedders + indexes + sources + limits + breaker + schedules + retention + rest

  private static let worker: [ConfigurationKey] = [
    .init(
      "worker.concurrency", .integer(1...1024), .integer(\.worker.concurrency),
      "The most jobs that a worker runs at once."),
    .init(
      "worker.lease", .duration(.seconds(1) ... .seconds(3600)), .duration(\.worker.lease),
      "How long a worker keeps a job without a heartbeat."),
    .init(
      "worker.heartbeat", .duration(.milliseconds(100) ... .seconds(1800)), .duration(\.worker.heartbeat),
      "The interval at which a worker renews its leases; at most half of the lease."),
    .init(
      "worker.shutdown-grace", .duration(.zero ... .seconds(3600)), .duration(\.worker.shutdownGrace),
      "How long a stopping worker lets its steps finish before it releases their jobs."),
  ]

  private static let store: [ConfigurationKey] = [
    .init(
      "store.synchronous", .choice(Configuration.Store.Synchronous.allCases.map(\.rawValue)),
      .choice(\.store.synchronous),
      "`full` survives power loss; `normal` is faster and may lose the last commits if the machine crashes."),
    .init(
      "store.busy-timeout", .duration(.milliseconds(100) ... .seconds(600)), .duration(\.store.busyTimeout),
      "How long a write waits for the writes of other processes."),
  ]

  private static let parser: [ConfigurationKey] = [
    .init("parser.processes", .integer(1...64), .integer(\.parser.processes), "The number of parser processes."),
    .init(
      "parser.cpu", .duration(.seconds(1) ... .seconds(3600)), .duration(\.parser.cpu),
      "The most processor time for one document, in whole seconds."),
    .init(
      "parser.memory", .size(ByteSize(bytes: 64 << 20)...ByteSize(bytes: 64 << 30)), .size(\.parser.memory),
      "The most address space of one parser process."),
    .init(
      "parser.wall", .duration(.seconds(1) ... .seconds(3600)), .duration(\.parser.wall),
      "The longest time for one document."),
    .init("parser.pages", .integer(1...1_000_000), .integer(\.parser.pages), "The most pages of one document."),
    .init(
      "parser.characters", .integer(1000...1_000_000_000), .integer(\.parser.characters),
      "The most characters of text from one document."),
  ]

  private static let chunker: [ConfigurationKey] = [
    .init(
      "chunker.target", .integer(16...8192), .integer(\.chunker.target),
      "The size of a chunk that the chunker aims for, in tokens."),
    .init(
      "chunker.maximum", .integer(16...8192), .integer(\.chunker.maximum), "The largest size of a chunk, in tokens."),
    .init(
      "chunker.overlap", .integer(0...4096), .integer(\.chunker.overlap),
      "The most tokens that a chunk repeats from the end of the previous chunk."),
  ]

  private static let indexes: [ConfigurationKey] = [
    .init(
      index: "embedder", .name, .text(\.embedder),
      "The embedder of new generations of this index; `default-embedder` if not set."),
    .init(
      index: "chunker.target", .integer(16...8192), .integer(\.target), "Replaces `chunker.target` for this index."),
    .init(
      index: "chunker.maximum", .integer(16...8192), .integer(\.maximum), "Replaces `chunker.maximum` for this index."),
    .init(
      index: "chunker.overlap", .integer(0...4096), .integer(\.overlap), "Replaces `chunker.overlap` for this index."),
  ]

  private static let retention: [ConfigurationKey] = [
    .init(
      "retention.completed", .retention(.zero...longest), .retention(\.retention.completed),
      "How long completed jobs are kept. A job that something still needs is kept longer."),
    .init(
      "retention.cancelled", .retention(.zero...longest), .retention(\.retention.cancelled),
      "How long cancelled jobs are kept."),
    .init(
      "retention.dead", .retention(.zero...longest), .retention(\.retention.dead),
      "How long dead letters are kept, and completed jobs that lost chunks."),
    .init(
      "retention.journal", .retention(.zero...longest), .retention(\.retention.journal),
      "How long the journal is kept. The newest lines, the history of indexes and the lines of kept jobs stay longer."
    ),
    .init(
      "retention.interval", .duration(.seconds(1) ... .seconds(86_400)), .duration(\.retention.interval),
      "The interval at which a worker removes old jobs, journal lines, unused bytes and the space of removed vectors."),
    .init(
      "idempotency.ttl", .duration(.seconds(1)...longest), .duration(\.idempotency.life),
      "How long an idempotency key is valid, unless the submit sets a time of its own."),
  ]

  /// Ten years.
  private static let longest: Duration = .seconds(3650 * 86_400)

  private static let rest: [ConfigurationKey] = [
    .init(
      "blobs.gc-grace", .duration(.zero ... .seconds(365 * 86_400)), .duration(\.blobs.collectionGrace),
      "The age at which unused bytes are removed."),
    .init(
      "log.level", .choice(Configuration.Log.Level.allCases.map(\.rawValue)), .choice(\.log.level),
      "The lowest level of messages to log."),
    .init(
      "log.format", .choice(Configuration.Log.Format.allCases.map(\.rawValue)), .choice(\.log.format),
      "`text` logs lines for people, `json` one JSON object per line."),
    .init(
      "workflows-folder", .path, .text(\.workflowsFolder),
      "The folder of your own workflow files; `workflows` in the data folder if not set."),
  ]
}
