internal import Synchronization

/// The vector files of one generation that this process has open.
final class VectorFiles: Sendable {
  let files: GenerationFiles
  let layout: VectorLayout
  private let open = Mutex<[Int: VectorFile]>([:])

  init(files: GenerationFiles, layout: VectorLayout) {
    self.files = files
    self.layout = layout
  }

  /// Returns a file that the database names. It is opened again if the open one was removed.
  /// - Throws: an error with ``VectorFileError/isMissing`` if the file was compacted away since the snapshot that named
  ///   it.
  func file(_ id: Int) throws(VectorFileError) -> VectorFile {
    if let file = open.withLock({ $0[id] }), file.isLinked { return file }
    let file = try VectorFile.open(files.vectors(id), layout: layout)
    open.withLock { $0[id] = file }
    return file
  }

  /// Creates a file with a number that no committed file has had.
  func create(_ id: Int) throws -> VectorFile {
    let file = try VectorFile.create(files.vectors(id), layout: layout)
    open.withLock { $0[id] = file }
    return file
  }

  /// Closes files that a compaction, perhaps in another process, has emptied, so that their space is freed. Searches in
  /// flight keep theirs until they end.
  func keep(_ ids: [Int]) {
    open.withLock { open in
      if open.count > ids.count { open = open.filter { ids.contains($0.key) } }
    }
  }
}
