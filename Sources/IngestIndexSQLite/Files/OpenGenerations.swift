internal import IngestIndex
internal import IngestSQL

/// The cache of generations that this process has open. The least recently used are closed first.
///
/// Another process may have removed a generation's file. The open descriptors would still work, but on a file that no
/// other process sees. So every use checks whether the path still leads to the opened file.
actor OpenGenerations {
  private final class Entry {
    let generation: OpenGeneration
    var users = 0
    var lastUse = 0

    init(_ generation: OpenGeneration) { self.generation = generation }
  }

  private let folder: String
  private let options: DatabaseOptions
  private let limit: Int
  private var entries: [GenerationName: Entry] = [:]
  private var opening: [GenerationName: [CheckedContinuation<Void, Never>]] = [:]
  private var clock = 0

  init(folder: String, options: DatabaseOptions, limit: Int) {
    self.folder = folder
    self.options = options
    self.limit = max(1, limit)
  }

  /// Runs `body` with an open generation, which stays open until `body` returns.
  nonisolated func with<T>(
    _ name: GenerationName, _ body: (OpenGeneration) async throws -> T
  ) async throws -> T {
    let generation = try await take(name)
    do {
      let result = try await body(generation)
      await give(generation)
      return result
    } catch {
      await give(generation)
      throw error
    }
  }

  private func take(_ name: GenerationName) async throws -> OpenGeneration {
    let files = GenerationFiles(folder: folder, generation: name)
    while true {
      if let entry = entries[name] {
        if entry.generation.identity == files.identity() {
          entry.users += 1
          clock += 1
          entry.lastUse = clock
          return entry.generation
        }
        await retire(name)
        continue
      }
      if opening[name] != nil {
        await withCheckedContinuation { opening[name, default: []].append($0) }
        continue
      }
      opening[name] = []
      defer { for waiting in opening.removeValue(forKey: name) ?? [] { waiting.resume() } }
      entries[name] = Entry(try await OpenGeneration.open(name, files: files, options: options))
      await makeRoom(beside: name)
    }
  }

  private func give(_ generation: OpenGeneration) async {
    if let entry = entries[generation.name], entry.generation === generation {
      entry.users -= 1
      return
    }
    guard let position = retired.firstIndex(where: { $0.generation === generation }) else { return }
    retired[position].users -= 1
    guard retired[position].users == 0 else { return }
    retired.remove(at: position)
    await generation.database.close()
  }

  /// Generations removed from the cache that are still in use. Each is closed when its last user returns it.
  private var retired: [Entry] = []

  /// Removes a generation from the cache.
  func retire(_ name: GenerationName) async {
    guard let entry = entries.removeValue(forKey: name) else { return }
    if entry.users > 0 {
      retired.append(entry)
    } else {
      await entry.generation.database.close()
    }
  }

  /// The names in a fixed order: the order of a dictionary changes from run to run.
  private var names: [GenerationName] { entries.keys.sorted { ($0.index, $0.number) < ($1.index, $1.number) } }

  func retireAll() async {
    for name in names { await retire(name) }
  }

  /// Removes generations whose files were deleted: while a file is open, the disk does not get its space back.
  func retireRemoved() async {
    for name in names {
      guard let entry = entries[name],
        entry.generation.identity != GenerationFiles(folder: folder, generation: name).identity()
      else { continue }
      await retire(name)
    }
  }

  private func makeRoom(beside name: GenerationName) async {
    await retireRemoved()
    while entries.count > limit {
      let idle = names.compactMap { entries[$0] }.filter { $0.users == 0 && $0.generation.name != name }
      guard let oldest = idle.min(by: { $0.lastUse < $1.lastUse }) else { return }
      await retire(oldest.generation.name)
    }
  }
}
