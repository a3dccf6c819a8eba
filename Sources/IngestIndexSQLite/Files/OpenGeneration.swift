internal import IngestIndex
internal import IngestSQL

/// The open files of a generation in this process: one writer, a few readers, the vector files.
final class OpenGeneration: Sendable {
  let name: GenerationName
  let identity: FileIdentity
  let database: Database
  let vectors: VectorFiles
  let changes: ChangeQueue

  var layout: VectorLayout { vectors.layout }

  private init(name: GenerationName, identity: FileIdentity, database: Database, vectors: VectorFiles) {
    self.name = name
    self.identity = identity
    self.database = database
    self.vectors = vectors
    changes = ChangeQueue(database: database, vectors: vectors)
  }

  /// Opens an existing generation. Never creates a file.
  static func open(_ name: GenerationName, files: GenerationFiles, options: DatabaseOptions) async throws
    -> OpenGeneration
  {
    guard let identity = files.identity() else { throw IndexError.generationMissing(name) }
    var options = options
    options.mode = .existing
    let database = try Database(path: files.database, options: options)
    let dimensions = try await database.read { connection -> Int? in
      guard try GenerationSchema.held(connection) > 0 else { return nil }
      return try connection.first("SELECT dimensions FROM generation") { $0.int(0) }
    }
    guard let dimensions else {
      await database.close()
      throw IndexError.generationMissing(name)
    }
    let vectors = VectorFiles(files: files, layout: VectorLayout(dimensions: dimensions))
    return OpenGeneration(name: name, identity: identity, database: database, vectors: vectors)
  }

  /// Creates a generation's files, or completes files that a crash or a loss left incomplete.
  static func create(
    _ name: GenerationName, dimensions: Int, files: GenerationFiles, options: DatabaseOptions
  ) async throws {
    var options = options
    options.mode = .create
    let database = try Database(path: files.database, options: options)
    do {
      let layout = VectorLayout(dimensions: dimensions)
      let held = try await database.write { connection in
        // This runs within the lock, so that two processes do not both create the file. The vector file is complete
        // before the tables exist. A lost vector file is created again, empty, so that its documents can be written
        // again.
        let isNew = try GenerationSchema.held(connection) == 0
        for file in isNew ? [1] : try Compaction.files(connection).filter({ !$0.dropped }).map(\.id) {
          if isNew || !files.hasVectors(file) { _ = try VectorFile.create(files.vectors(file), layout: layout) }
        }
        return try GenerationSchema.create(connection, name: name, dimensions: dimensions)
      }
      guard held == dimensions else {
        throw IndexError.dimensionsDiffer(name, held: held, wanted: dimensions)
      }
    } catch {
      await database.close()
      throw error
    }
    await database.close()
  }

  /// Runs `body` on one snapshot. If a vector file was compacted away after the snapshot began, that is no error: the
  /// next snapshot does not name it.
  func read<T: Sendable>(_ body: @escaping @Sendable (IndexSnapshot) throws -> T) async throws -> T {
    var tries = 0
    while true {
      do {
        return try await database.read { [name, vectors, isLast = tries == 3] connection in
          try body(IndexSnapshot(connection: connection, vectors: vectors, generation: name, isLast: isLast))
        }
      } catch let error as VectorFileError where error.isMissing && tries < 3 {
        tries += 1
      }
    }
  }

  /// Runs one step of the compaction and removes the files that it no longer needs.
  /// - Returns: whether there is more to do.
  func compact() async throws -> Bool {
    let step = try await database.write { [vectors] connection in
      try Compaction.step(connection, vectors: vectors)
    }
    guard !step.dropped.isEmpty else { return step.more }
    let known = try await database.read { connection in
      try Compaction.files(connection).filter { !$0.dropped }.map(\.id)
    }
    vectors.keep(known)
    for file in step.dropped { try vectors.files.removeVectors(file) }
    try await database.write { connection in
      for file in step.dropped {
        try connection.run("DELETE FROM vector_files WHERE id = \(file) AND dropped = 1")
      }
    }
    return step.more
  }
}
