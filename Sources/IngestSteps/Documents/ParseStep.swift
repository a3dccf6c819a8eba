package import IngestCore
import IngestDigest
import IngestDocuments
import IngestProcess

/// The step `parse`: turns the document's bytes into text. It commits parts as it reads them, so a crash costs about
/// one second of work. The result is kept for all generations with the same parser.
package struct ParseStep: Step {
  package static let declaration = StepKind(
    "parse", "Turns the document's bytes into text.", subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    guard let content = task.content else {
      throw Failure(
        .permanent, code: "STEP_INPUT", "A delete has no content to parse.",
        hint: "Use the workflow `delete` for deletes.")
    }
    let spec = try await services.spec(task.index, task.generation)
    if let kept = try await self.kept(content, parser: spec.parser, for: input.job) { return kept }
    var run = try ParseProgress(cursor: input.cursor, clock: context.clock)
    let document = InputDocument(
      name: task.uri, content: try await self.content(task, content),
      password: try task.passwordFile.map { path throws(Failure) in try PasswordFile.read(path) })
    do {
      try await services.reader.read(document, from: run.nextPage, hadText: run.characters > 0) { event in
        switch event {
        case .info(let info): run.note(info)
        case .part(let part):
          run.add(part)
          if run.isDue { try await save(&run, context) }
        }
      }
    } catch let error as any FailureConvertible {
      // Saves the pages before a bad one, so that the next try does not read them again.
      if run.hasPending { try await save(&run, context) }
      throw error
    }
    let last = try await close(&run)
    let result = try StepJSON.encode(run.result)
    if run.isWhole { services.texts.keep(TextCache.Entry(text: DocumentText(parts: run.parts)), for: input.job) }
    return StepOutput(
      result: result, blobs: last, references: run.hashes,
      effects: [
        CatalogueEffect.parsed(content: content, parser: spec.parser, result: result, references: run.hashes)
      ])
  }

  /// Returns the result of an earlier job for the same bytes. Loads its text, because the next step needs it. If a part
  /// is damaged or missing, returns nil and the document is parsed again.
  private func kept(_ content: ContentHash, parser: String, for job: JobID) async throws -> StepOutput? {
    guard let kept = try await services.documents.parse(content, parser: parser) else { return nil }
    let result = try StepJSON.decode(ParseResult.self, kept, what: "kept parse")
    do {
      services.texts.keep(TextCache.Entry(text: try await services.text(result.parts)), for: job)
    } catch let failure as Failure where failure.reason == .blobLost {
      return nil
    }
    return StepOutput(result: kept, references: result.parts)
  }

  private func content(_ task: DocumentTask, _ content: ContentHash) async throws -> InputDocument.Content {
    if task.size <= Blob.rowLimit { return .bytes(try await services.blobs.get(content)) }
    return .file(Descriptor(owning: try await services.blobs.open(content)))
  }

  private func save(_ run: inout ParseProgress, _ context: StepContext) async throws {
    let blobs = try await close(&run)
    try await context.save(
      StepSave(
        progress: StepProgress(done: run.pages, total: run.total, unit: "pages"),
        cursor: try StepJSON.encode(run.cursor), blobs: blobs, references: run.hashes))
  }

  /// Turns the pages that were read since the last part into one more part.
  /// - Returns: the part if it is small enough for a row. A larger part is already in the blob store.
  private func close(_ run: inout ParseProgress) async throws -> [Blob] {
    guard run.hasPending else { return [] }
    if run.hashes.count >= ParseProgress.partLimit { try await fold(&run) }
    let bytes = run.takePending().encode()
    if bytes.count > Blob.rowLimit {
      run.hashes.append(try await services.blobs.put(bytes))
      return []
    }
    let hash = ContentHash(rawValue: SHA256.hash(bytes))
    run.hashes.append(hash)
    return [Blob(hash: hash, bytes: bytes)]
  }

  /// Merges all parts into one, so that the checkpoint stays small for long documents.
  private func fold(_ run: inout ParseProgress) async throws {
    var pages: [ParsedPage] = []
    for hash in run.hashes { pages += try ParsedPart(decoding: try await services.blobs.get(hash)).pages }
    run.hashes = [try await services.blobs.put(ParsedPart(pages: pages).encode())]
  }
}
