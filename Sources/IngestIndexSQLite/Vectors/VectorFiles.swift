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

  /// A file that the database knows; opened again if somebody removed the one that is open.
  /// - Throws: an error that ``VectorFileError/isMissing`` where it was compacted away since the snapshot that named it.
  func file(_ id: Int) throws(VectorFileError) -> VectorFile {
    if let file = open.withLock({ $0[id] }), file.isLinked { return file }
    let file = try VectorFile.open(files.vectors(id), layout: layout)
    open.withLock { $0[id] = file }
    return file
  }

  /// Makes a file with a number that no committed file has had.
  func create(_ id: Int) throws -> VectorFile {
    let file = try VectorFile.create(files.vectors(id), layout: layout)
    open.withLock { $0[id] = file }
    return file
  }

  /// Lets go of files that a compaction, perhaps another program's, has emptied, so that their room is given back;
  /// searches in flight keep theirs to their end.
  func keep(_ ids: [Int]) {
    open.withLock { open in
      if open.count > ids.count { open = open.filter { ids.contains($0.key) } }
    }
  }
}
