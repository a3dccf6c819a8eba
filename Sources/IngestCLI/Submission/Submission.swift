import Glibc
import IngestBlobs
import IngestConfig
import IngestCore
import IngestDocuments
import IngestOperations

/// Submits the files of a selection, many at a time so that they share commits, and tells of them in the selection's
/// order.
struct Submission {
  let installation: Installation
  let console: Console
  let isDryRun: Bool
  /// Everything but uri and content.
  let template: SubmitRequest

  /// Files under way at once: enough that a group commit is always full.
  private static let width = 128

  func run(_ selection: FileSelection) async throws -> SubmissionSummary {
    var summary = SubmissionSummary()
    let live = LiveStatus(console: console, clock: installation.clock)
    defer { live.end() }
    let start = installation.clock.uptime
    try await withThrowingTaskGroup(of: (Int, SubmissionLine).self) { group in
      var selection = selection
      var next = 0
      var told = 0
      var waiting: [Int: SubmissionLine] = [:]
      var isExhausted = false
      while true {
        while !isExhausted, next - told < Self.width {
          guard let item = selection.next() else {
            isExhausted = true
            break
          }
          let position = next
          next += 1
          group.addTask { (position, try await self.line(item)) }
        }
        guard let (position, line) = try await group.next() else { break }
        waiting[position] = line
        while let line = waiting.removeValue(forKey: told) {
          told += 1
          try summary.add(line, console)
        }
        let done = told
        live.update {
          Progress(
            done: done, total: isExhausted ? next : nil, elapsed: .microseconds(installation.clock.uptime - start),
            unit: "files")
        }
      }
    }
    return summary
  }

  /// Submits one item. Only what would meet every other document too (a full disk, a broken database) is thrown.
  private func line(_ item: SelectionItem) async throws -> SubmissionLine {
    switch item {
    case .skipped(let path, let reason):
      return SubmissionLine(template, uri: path.text ?? path.description, outcome: .skipped(reason))
    case .refused(let path, let error):
      return SubmissionLine(template, uri: path.text ?? path.description, outcome: .refused(error.failure))
    case .standardInput(let uri):
      return try await submit(uri: uri, name: uri, isNamed: true) {
        try await installation.blobs.take(descriptor: STDIN_FILENO, limit: nil)
      }
    case .file(let file):
      // The description is for people: it writes control characters out.
      let path = file.path.text ?? file.path.description
      return try await submit(uri: file.uri, name: path, isNamed: file.isNamed) {
        try await installation.blobs.take(path: path, limit: nil)
      }
    }
  }

  private func submit(
    uri: String, name: String, isNamed: Bool, take: () async throws -> SubmitRequest.Change
  ) async throws -> SubmissionLine {
    do {
      var request = template
      request.uri = uri
      if isDryRun { return SubmissionLine(template, uri: uri, outcome: .planned) }
      request.change = try await take()
      if request.size == 0 { throw DocumentError.empty(name: name).failure }
      // What a folder or glob led to was looked at there.
      if isNamed, case .bytes(let blob) = request.change,
        case .unsupported(let looksLike) = Sniffer.sniff(Array(blob.bytes.prefix(Sniffer.prefixLength)), name: name)
      {
        throw DocumentError.unsupported(name: name, looksLike: looksLike).failure
      }
      return SubmissionLine(request, uri: uri, outcome: .answered(try await installation.operations.submit(request)))
    } catch {
      let failure = Failure(error)
      switch failure.code {
      case "DISK_FULL", "DATABASE_READ_ONLY", "DATABASE_CORRUPT", "DATABASE_BUSY", "CANCELLED",
        "IDEMPOTENCY_KEY_REUSED":
        throw failure
      default: return SubmissionLine(template, uri: uri, outcome: .refused(failure))
      }
    }
  }
}
