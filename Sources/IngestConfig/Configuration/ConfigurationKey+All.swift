private import IngestCore

extension ConfigurationKey {
  /// Every key, in the order in which people read them.
  package static let all: [ConfigurationKey] =
    worker + store + parser + chunker + embedders + indexes + sources + limits + breaker + schedules + retention + rest

  private static let worker: [ConfigurationKey] = [
    .init(
      "worker.concurrency", .integer(1...1024), .integer(\.worker.concurrency), "Jobs that one worker runs at once."),
    .init(
      "worker.lease", .duration(.seconds(1) ... .seconds(3600)), .duration(\.worker.lease),
      "How long a worker's right to a job lasts without a heartbeat."),
    .init(
      "worker.heartbeat", .duration(.milliseconds(100) ... .seconds(1800)), .duration(\.worker.heartbeat),
      "How often a worker renews its leases; at most half a lease."),
    .init(
      "worker.shutdown-grace", .duration(.zero ... .seconds(3600)), .duration(\.worker.shutdownGrace),
      "How long a worker that is told to stop lets its steps finish before it gives the jobs back."),
  ]

  private static let store: [ConfigurationKey] = [
    .init(
      "store.synchronous", .choice(Configuration.Store.Synchronous.allCases.map(\.rawValue)),
      .choice(\.store.synchronous),
      "`full` survives power loss; `normal` is faster and may lose the last commits when the machine dies."),
    .init(
      "store.busy-timeout", .duration(.milliseconds(100) ... .seconds(600)), .duration(\.store.busyTimeout),
      "How long a write waits for other processes."),
  ]

  private static let parser: [ConfigurationKey] = [
    .init("parser.processes", .integer(1...64), .integer(\.parser.processes), "Parser processes at once."),
    .init(
      "parser.cpu", .duration(.seconds(1) ... .seconds(3600)), .duration(\.parser.cpu),
      "Processor time for one document, counted in whole seconds."),
    .init(
      "parser.memory", .size(ByteSize(bytes: 64 << 20)...ByteSize(bytes: 64 << 30)), .size(\.parser.memory),
      "Address space of one parser process."),
    .init(
      "parser.wall", .duration(.seconds(1) ... .seconds(3600)), .duration(\.parser.wall), "Time for one document."),
    .init("parser.pages", .integer(1...1_000_000), .integer(\.parser.pages), "Pages of one document."),
    .init(
      "parser.characters", .integer(1000...1_000_000_000), .integer(\.parser.characters),
      "Characters of text out of one document."),
  ]

  private static let chunker: [ConfigurationKey] = [
    .init("chunker.target", .integer(16...8192), .integer(\.chunker.target), "Tokens that a chunk aims at."),
    .init("chunker.maximum", .integer(16...8192), .integer(\.chunker.maximum), "Tokens that no chunk exceeds."),
    .init(
      "chunker.overlap", .integer(0...4096), .integer(\.chunker.overlap),
      "Tokens repeated from the end of the chunk before, at most."),
  ]

  private static let indexes: [ConfigurationKey] = [
    .init(
      index: "embedder", .name, .text(\.embedder),
      "Embedder of new generations of this index, else `default-embedder`."),
    .init(index: "chunker.target", .integer(16...8192), .integer(\.target), "As `chunker.target`, for this index."),
    .init(index: "chunker.maximum", .integer(16...8192), .integer(\.maximum), "As `chunker.maximum`, for this index."),
    .init(index: "chunker.overlap", .integer(0...4096), .integer(\.overlap), "As `chunker.overlap`, for this index."),
  ]

  private static let retention: [ConfigurationKey] = [
    .init(
      "retention.completed", .retention(.zero...longest), .retention(\.retention.completed),
      "How long completed jobs are kept. What something still needs is kept in any case."),
    .init(
      "retention.cancelled", .retention(.zero...longest), .retention(\.retention.cancelled),
      "How long cancelled jobs are kept."),
    .init(
      "retention.dead", .retention(.zero...longest), .retention(\.retention.dead),
      "How long dead letters are kept, and completed jobs that lost chunks."),
    .init(
      "retention.journal", .retention(.zero...longest), .retention(\.retention.journal),
      "How long the journal is kept; the newest lines, the history of indexes and the lines of jobs that are still there stay."
    ),
    .init(
      "retention.interval", .duration(.seconds(1) ... .seconds(86_400)), .duration(\.retention.interval),
      "How often a worker looks for what may go: jobs, journal, bytes, the room of removed vectors."),
    .init(
      "idempotency.ttl", .duration(.seconds(1)...longest), .duration(\.idempotency.life),
      "How long an idempotency key is in force where the submit does not say."),
  ]

  /// Ten years.
  private static let longest: Duration = .seconds(3650 * 86_400)

  private static let rest: [ConfigurationKey] = [
    .init(
      "blobs.gc-grace", .duration(.zero ... .seconds(365 * 86_400)), .duration(\.blobs.collectionGrace),
      "How old bytes that nothing refers to must be before they are removed."),
    .init(
      "log.level", .choice(Configuration.Log.Level.allCases.map(\.rawValue)), .choice(\.log.level),
      "The least important messages that are written."),
    .init(
      "log.format", .choice(Configuration.Log.Format.allCases.map(\.rawValue)), .choice(\.log.format),
      "Lines for people, or one JSON object a line."),
    .init(
      "workflows-folder", .path, .text(\.workflowsFolder),
      "Where your own workflow files are, else `workflows` in the data folder."),
  ]
}
