internal import Glibc
internal import IngestCore
internal import IngestDocuments

extension Intake {
  /// The state of one item on its way.
  private enum Entry {
    case ended(SubmissionLine)
    case file(SelectedFile, path: String)
    /// With the path of a large file, whose bytes are still to be stored.
    case request(SubmitRequest, path: String?)
  }

  /// Submits a batch. Throws only failures that concern every document, such as a full disk or a broken database.
  func lines(_ items: [SelectionItem]) async throws -> [SubmissionLine] {
    var entries: [Entry] = []
    for item in items { entries.append(try await entry(item)) }
    try await takeFiles(&entries)
    let pending = entries.compactMap { entry -> (request: SubmitRequest, path: String?)? in
      if case .request(let request, let path) = entry { (request, path) } else { nil }
    }
    var results = try await answers(pending).makeIterator()
    return try entries.compactMap { entry in
      switch entry {
      case .ended(let line): return line
      case .file: return nil
      case .request(let request, _):
        switch results.next() {
        case .success(let receipt?)?: return SubmissionLine(request, uri: request.uri, outcome: .answered(receipt))
        case .success(nil)?: return SubmissionLine(request, uri: request.uri, outcome: .planned)
        case .failure(let failure)?: return try refused(request.uri, failure)
        case nil: return nil
        }
      }
    }
  }

  /// Returns the result of each request. In a comparison, a request that would be accepted has none.
  private func answers(
    _ pending: [(request: SubmitRequest, path: String?)]
  ) async throws -> [Result<SubmitReceipt?, Failure>] {
    guard mode == .submit else {
      return try await submitter.settled(pending.map(\.request)).map { .success($0) }
    }
    return try await submitter.submit(pending.map(\.request)) { [blobs] position in
      let (request, path) = pending[position]
      if let path, case .stored(let hash, let size) = request.change {
        try await blobs.store(path: path, as: hash, size: size)
      }
    }.map { $0.map(Optional.some) }
  }

  private func entry(_ item: SelectionItem) async throws -> Entry {
    switch item {
    case .skipped(let path, let reason):
      return .ended(SubmissionLine(template, uri: path.text ?? path.description, outcome: .skipped(reason)))
    case .refused(let path, let error):
      return .ended(
        SubmissionLine(template, uri: path.text ?? path.description, outcome: .refused(error.failure)))
    case .standardInput(let uri):
      if mode != .submit { return .ended(SubmissionLine(template, uri: uri, outcome: .planned)) }
      do {
        let change = try await blobs.take(descriptor: STDIN_FILENO, limit: nil)
        if case .bytes(let blob) = change, let refusal = Sniffer.refusal(Array(blob.bytes.prefix(Sniffer.prefixLength)))
        {
          return .ended(try refused(uri, refusal.failure(name: uri)))
        }
        return .request(request(uri, change), path: nil)
      } catch {
        return .ended(try refused(uri, Failure(error)))
      }
    case .file(let file):
      // The description is for people: it makes control characters visible.
      return .file(file, path: file.path.text ?? file.path.description)
    }
  }

  /// Reads the files. A type that no workflow reads is refused if the file was named by itself, and skipped if a folder or
  /// glob led to it.
  private func takeFiles(_ entries: inout [Entry]) async throws {
    let paths = entries.compactMap { if case .file(_, let path) = $0 { path } else { nil } }
    guard !paths.isEmpty else { return }
    let accepts: @Sendable ([UInt8]) -> Bool = { [mode] head in mode != .list && Sniffer.refusal(head) == nil }
    var taken = try await blobs.look(at: paths, accepts: accepts).makeIterator()
    for position in entries.indices {
      guard case .file(let file, let path) = entries[position], let result = taken.next() else { continue }
      switch result {
      case .small(let blob): entries[position] = .request(request(file.uri, .bytes(blob)), path: nil)
      case .large(let hash, let size):
        entries[position] = .request(request(file.uri, .stored(hash, size: size)), path: path)
      case .failed(let failure): entries[position] = .ended(try refused(file.uri, failure))
      case .declined(let head):
        let refusal = Sniffer.refusal(head)
        let outcome: SubmissionLine.Outcome =
          switch refusal {
          case nil: .planned
          case let refusal? where file.isNamed: .refused(refusal.failure(name: path))
          case _?: .skipped(.type)
          }
        entries[position] = .ended(SubmissionLine(template, uri: file.uri, outcome: outcome))
      }
    }
  }

  private func request(_ uri: String, _ change: SubmitRequest.Change) -> SubmitRequest {
    var request = template
    request.uri = uri
    request.change = change
    return request
  }

  private func refused(_ uri: String, _ failure: Failure) throws -> SubmissionLine {
    switch failure.scope {
    case .everyone: throw failure
    case .item: return SubmissionLine(template, uri: uri, outcome: .refused(failure))
    }
  }
}

extension Sniffed {
  /// The failure of a named file that no workflow reads.
  fileprivate func failure(name: String) -> Failure {
    switch self {
    case .empty: DocumentError.empty(name: name).failure
    case .unsupported(let looksLike): DocumentError.unsupported(name: name, looksLike: looksLike).failure
    case .document: Failure(.permanent, code: "UNEXPECTED", "\(name) is a document.")
    }
  }
}
