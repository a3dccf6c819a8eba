internal import IngestIndex
internal import IngestSQL

/// The generations that this process has open, the ones longest unused closed first.
///
/// Another process may have removed a generation's file meanwhile. Its file descriptors would go on working, on a file that
/// nobody else sees; so every use looks whether the path still stands for the file that was opened.
actor OpenGenerations {
  private final class Entry {
    let generation: OpenGeneration
    var users = 0
    var lastUse = 0
    var isRetired = false

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

  /// Lends an open generation for the length of `body`.
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

  /// Lent still, and closed when the last user gives it back.
  private var retired: [Entry] = []

  /// Takes a generation out of the cache.
  func retire(_ name: GenerationName) async {
    guard let entry = entries.removeValue(forKey: name) else { return }
    if entry.users > 0 {
      retired.append(entry)
    } else {
      await entry.generation.database.close()
    }
  }

  /// In an order of their own: that of a dictionary changes from run to run.
  private var names: [GenerationName] { entries.keys.sorted { ($0.index, $0.number) < ($1.index, $1.number) } }

  func retireAll() async {
    for name in names { await retire(name) }
  }

  /// Takes those out whose files somebody removed: as long as one is open, the disk does not get its room back.
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
