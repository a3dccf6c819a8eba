internal import Glibc
package import IngestCore

/// One scan of a folder: it submits new and changed files and, on request, deletes documents whose file vanished.
///
/// Files are compared by their hash, never by size and time. A restored or rewritten file may have both unchanged, and an
/// outdated document costs more than reading the file. After a crash, a scan continues from its ``ScanProgress``.
package struct FolderScan: Sendable {
  let submitter: any Submitter
  let blobs: any BlobIntake
  /// A submit without its uri and content.
  let template: SubmitRequest
  /// The workflow that deletes a vanished document; nil deletes nothing.
  let removal: PinnedWorkflow?
  /// Whether a folder without documents counts as emptied on purpose. Otherwise it counts as not mounted, and nothing is
  /// deleted.
  let allowsEmpty: Bool
  let isDryRun: Bool

  /// Documents whose files are checked together.
  private static let slice = 64

  package init(
    submitter: any Submitter, blobs: any BlobIntake, template: SubmitRequest, removal: PinnedWorkflow?,
    allowsEmpty: Bool = false, isDryRun: Bool = false
  ) {
    self.submitter = submitter
    self.blobs = blobs
    self.template = template
    self.removal = removal
    self.allowsEmpty = allowsEmpty
    self.isDryRun = isDryRun
  }

  /// Runs the scan.
  /// - Parameters:
  ///   - progress: where an earlier run stopped.
  ///   - report: called with the next items and their outcomes, in order, and the progress so far. Another run can continue
  ///     from that progress.
  /// - Throws: ``ScanError`` if the folder cannot be trusted; then nothing is deleted.
  package func run(
    _ path: String, _ options: SelectionOptions, from progress: ScanProgress? = nil,
    report: ([SubmissionLine], ScanProgress) async throws -> Void
  ) async throws -> ScanProgress {
    let root = try ScanRoot(path)
    // Another folder under the same name, for example a disk mounted since: the old progress says nothing about it.
    var progress = progress.flatMap { $0.root == root.identity ? $0 : nil } ?? ScanProgress(root: root.identity)
    if !progress.isWalked {
      let intake = Intake(
        submitter: submitter, blobs: blobs, mode: isDryRun ? .compare : .submit, template: template)
      let walk = ResumedSelection(try FileSelection([path], options), after: progress.after)
      try await intake.run(walk) { batch in
        progress.note(batch)
        try await report(batch.lines, progress)
      }
      progress.isWalked = true
      progress.after = nil
    }
    if let removal { try await deleteVanished(root, removal, &progress, report) }
    return progress
  }

  private func deleteVanished(
    _ root: ScanRoot, _ removal: PinnedWorkflow, _ progress: inout ScanProgress,
    _ report: ([SubmissionLine], ScanProgress) async throws -> Void
  ) async throws {
    while true {
      try Task.checkCancellation()
      let uris = try await submitter.uris(
        index: template.index, source: template.source, prefix: root.prefix, after: progress.after, limit: Self.slice)
      guard let last = uris.last else { return }
      if progress.files == 0, !allowsEmpty { throw ScanError.rootEmpty(path: root.path) }
      let vanished = uris.filter { Self.isGone($0) }
      // Checked after the files: if the folder was unmounted meanwhile, its identity has changed.
      guard try ScanRoot(root.path).identity == root.identity else { throw ScanError.rootChanged(path: root.path) }
      let lines = try await delete(vanished, removal)
      progress.after = last
      for line in lines { progress.note(line) }
      try await report(lines, progress)
    }
  }

  private func delete(_ uris: [String], _ removal: PinnedWorkflow) async throws -> [SubmissionLine] {
    let requests = uris.map { uri in
      var request = template
      request.uri = uri
      request.change = .delete
      request.workflow = removal
      request.meta = [:]
      request.passwordFile = nil
      return request
    }
    if isDryRun { return requests.map { SubmissionLine($0, uri: $0.uri, outcome: .vanished(nil)) } }
    return try await zip(requests, submitter.submit(requests) { _ in }).map { request, result in
      switch result {
      case .success(let receipt): SubmissionLine(request, uri: request.uri, outcome: .vanished(receipt))
      case .failure(let failure): SubmissionLine(request, uri: request.uri, outcome: .refused(failure))
      }
    }
  }

  /// Whether nothing is at the path. Any other error, such as a folder without permissions, proves nothing.
  private static func isGone(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }
}

/// The scanned folder in its present state.
package struct ScanRoot {
  var path: String
  /// Identifies this folder on this disk.
  var identity: String
  /// The beginning of the uris of its documents.
  var prefix: String

  /// - Throws: ``ScanError``.
  package init(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, let resolved = FilePath(path).resolved() else {
      let reason = errno
      throw reason == ENOENT || reason == ENOTDIR
        ? ScanError.rootMissing(path: path)
        : ScanError.rootUnreadable(path: path, reason: String(cString: strerror(reason)))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw ScanError.rootNotFolder(path: path) }
    do { _ = try FolderListing(resolved) } catch {
      throw ScanError.rootUnreadable(path: path, reason: error.failure.message)
    }
    guard let text = resolved.text else { throw ScanError.rootUnreadable(path: path, reason: "its name is not UTF-8") }
    self.path = path
    identity = "\(status.st_dev):\(status.st_ino):\(text)"
    prefix = text.hasSuffix("/") ? text : text + "/"
  }
}
