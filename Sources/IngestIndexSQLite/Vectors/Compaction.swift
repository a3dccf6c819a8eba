internal import IngestSQL

/// A compaction that frees the space of dead vectors, once they outnumber the live ones.
///
/// Live vectors move to a new file, one slice per transaction, together with the row of `extents` that says where they
/// are. So every snapshot is complete, writers continue meanwhile, and a crash leaves two files and the next slice to
/// move. An empty file is marked as dropped first, and removed after that is committed.
enum Compaction {
  /// Number of slots that one step moves.
  static let slice = 1024
  /// Minimum number of dead slots for a compaction.
  static let least = 1024

  struct File {
    var id: Int
    var slots: Int
    var live: Int
    var dropped: Bool

    var isWorthIt: Bool { slots - live >= Compaction.least && slots - live > live }
  }

  struct Step: Sendable {
    /// Files that no new transaction knows any more. The caller removes them.
    var dropped: [Int] = []
    var more = false
  }

  static func files(_ connection: Connection) throws -> [File] {
    try connection.rows("SELECT id, slots, live, dropped FROM vector_files ORDER BY id") {
      File(id: $0.int(0), slots: $0.int(1), live: $0.int(2), dropped: $0.bool(3))
    }
  }

  static func isDue(_ connection: Connection) throws -> Bool {
    let files = try files(connection)
    return files.count > 1 || files.contains(where: \.isWorthIt)
  }

  /// Runs one step within a write transaction.
  static func step(_ connection: Connection, vectors: VectorFiles) throws -> Step {
    let files = try files(connection)
    let current = files.filter { !$0.dropped }
    guard let target = current.last else { return Step() }
    if let source = current.dropLast().first {
      if try !move(connection, from: source, to: target, vectors: vectors) {
        try connection.run("UPDATE vector_files SET dropped = 1 WHERE id = \(source.id)")
        return Step(dropped: files.filter(\.dropped).map(\.id) + [source.id], more: current.count > 2)
      }
      return Step(dropped: files.filter(\.dropped).map(\.id), more: true)
    }
    guard target.isWorthIt else { return Step(dropped: files.filter(\.dropped).map(\.id)) }
    let next = try connection.first("SELECT next_file FROM generation") { $0.int(0) } ?? target.id + 1
    _ = try vectors.create(next)
    try connection.run("UPDATE generation SET next_file = \(next + 1)")
    try connection.run("INSERT INTO vector_files (id, slots, live, dropped) VALUES (\(next), 0, 0, 0)")
    return Step(dropped: files.filter(\.dropped).map(\.id), more: true)
  }

  /// Moves one slice.
  /// - Returns: false if nothing was left to move.
  private static func move(
    _ connection: Connection, from source: File, to target: File, vectors: VectorFiles
  ) throws -> Bool {
    let extents = try connection.rows(
      """
      SELECT first_chunk, first_slot, count FROM extents WHERE file = \(source.id) ORDER BY first_slot LIMIT \(slice)
      """
    ) { (chunk: $0.int(0), slot: $0.int(1), count: $0.int(2)) }
    guard !extents.isEmpty else { return false }
    let mapping = try vectors.file(source.id).mapping(slots: source.slots)
    let layout = vectors.layout
    var rows: [Float] = []
    var moved = 0
    for extent in extents {
      if moved > 0, moved + extent.count > slice { break }
      let bytes = UnsafeRawBufferPointer(
        start: mapping.start + layout.offset(of: extent.slot), count: extent.count * layout.stride)
      rows.append(contentsOf: bytes.bindMemory(to: Float.self))
      try connection.run(
        """
        UPDATE extents SET file = \(target.id), first_slot = \(target.slots + moved)
        WHERE first_chunk = \(extent.chunk)
        """)
      moved += extent.count
    }
    let file = try vectors.file(target.id)
    try file.write(rows, at: target.slots)
    try connection.run("UPDATE vector_files SET live = live - \(moved) WHERE id = \(source.id)")
    try connection.run(
      "UPDATE vector_files SET slots = slots + \(moved), live = live + \(moved) WHERE id = \(target.id)")
    try file.sync()
    return true
  }
}
