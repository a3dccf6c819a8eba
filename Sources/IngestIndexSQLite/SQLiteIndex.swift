package import IngestIndex
package import IngestSQL

/// The embedded back end: a SQLite file and a file of vectors for each generation, in one folder.
///
/// Any number of processes may read and write a generation at once. Callers ``close()`` it when done.
package struct SQLiteIndex: VerifiableBackend, StagingBackend, MaintainedBackend {
  package static let name = "sqlite"
  package var name: String { Self.name }
  package var capabilities: BackendCapabilities { .all }

  private let folder: String
  private let options: DatabaseOptions
  private let generations: OpenGenerations

  /// The default options for a generation's file.
  package static var standardOptions: DatabaseOptions {
    var options = DatabaseOptions(mode: .existing)
    options.autoVacuum = .none
    options.readers = 4
    return options
  }

  /// - Parameters:
  ///   - folder: must exist.
  ///   - openLimit: number of generations that stay open between calls.
  ///   - options: options for every generation's file; each call sets `mode` itself.
  package init(folder: String, openLimit: Int = 16, options: DatabaseOptions = standardOptions) {
    self.folder = folder
    self.options = options
    generations = OpenGenerations(folder: folder, options: options, limit: openLimit)
  }

  /// Closes every file after the calls in flight have ended.
  package func close() async {
    await generations.retireAll()
  }

  /// Closes the files of generations that another process has deleted, so that the disk gets their space back.
  package func closeDeleted() async {
    await generations.retireRemoved()
  }

  package func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await mappingErrors(generation) {
      let files = GenerationFiles(folder: folder, generation: generation)
      try await OpenGeneration.create(generation, dimensions: dimensions, files: files, options: options)
    }
  }

  package func delete(_ generation: GenerationName) async throws {
    await generations.retire(generation)
    try await mappingErrors(generation) { try GenerationFiles(folder: folder, generation: generation).remove() }
  }

  /// Runs `body` with the open generation and throws every failure as an ``IndexError``.
  func with<T>(_ name: GenerationName, _ body: (OpenGeneration) async throws -> T) async throws -> T {
    try await mappingErrors(name) {
      do {
        return try await generations.with(name, body)
      } catch is SQLError where GenerationFiles(folder: folder, generation: name).identity() == nil {
        // SQLite reports a file that was removed between a connection's opening and its first use in many ways.
        throw IndexError.generationMissing(name)
      }
    }
  }

  private func mappingErrors<T>(_ name: GenerationName, _ body: () async throws -> T) async throws -> T {
    do {
      return try await body()
    } catch let error as SQLError {
      throw IndexError(error, of: name)
    } catch let error as VectorFileError {
      // When a generation is removed, its database goes first. So a vector file that is missing on its own is damage.
      if error.isMissing, GenerationFiles(folder: folder, generation: name).identity() == nil {
        throw IndexError.generationMissing(name)
      }
      throw IndexError(error, of: name)
    }
  }
}
