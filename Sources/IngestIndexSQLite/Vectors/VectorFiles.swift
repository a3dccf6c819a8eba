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

  /// A file that the database knows.
  /// - Throws: an error that ``VectorFileError/isMissing`` where it was compacted away since the snapshot that named it.
  func file(_ id: Int) throws(VectorFileError) -> VectorFile {
    if let file = open.withLock({ $0[id] }) { return file }
    let file = try VectorFile.open(files.vectors(id), layout: layout)
    return open.withLock { open in
      let kept = open[id] ?? file
      open[id] = kept
      return kept
    }
  }

  /// Makes a file with a number that no committed file has had.
  func create(_ id: Int) throws -> VectorFile {
    let file = try VectorFile.create(files.vectors(id), layout: layout)
    open.withLock { $0[id] = file }
    return file
  }

  /// Lets go of all but these; searches in flight keep theirs to their end.
  func keep(_ ids: [Int]) {
    open.withLock { open in open = open.filter { ids.contains($0.key) } }
  }
}
