package import IngestCore
import IngestDigest
import IngestDocuments
import IngestProcess

/// `parse`: the document's bytes become text. Parts are committed as they come, so that a crash costs a second of pages;
/// the result is kept for every generation that has the same parser.
package struct ParseStep: Step {
  package static let declaration = StepKind(
    "parse", "Reads the document's bytes into text.", subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    guard let content = task.content else {
      throw Failure(
        .permanent, code: "STEP_INPUT", "A delete has nothing to parse.",
        hint: "Deletes run the workflow `delete`.")
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
      // The pages before a bad one are not read again on the next try.
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

  /// What an earlier job read of the same bytes. Its text is loaded here, for the next step needs it, and a part that is
  /// damaged or gone must not stand for the document for ever: then it is read anew.
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

  /// Turns the pages read so far into one more part. - Returns: the part, where it is small enough to be a row.
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

  /// Many parts become one, so that the checkpoint stays small however long the reading takes.
  private func fold(_ run: inout ParseProgress) async throws {
    var pages: [ParsedPage] = []
    for hash in run.hashes { pages += try ParsedPart(decoding: try await services.blobs.get(hash)).pages }
    run.hashes = [try await services.blobs.put(ParsedPart(pages: pages).encode())]
  }
}
