import IngestCore
import IngestStore

/// Simulated sources. They submit, change and delete documents and remember every answer.
extension SimulatedClients {
  private struct Draft {
    var uri: String
    var word: String
    var source: String
    var version = 0
    var id: DocumentID?
    var text: String?
  }

  func feed(_ number: Int) async {
    let plan = world.plan
    let random = world.random("source \(number)")
    let source = "source-\(number + 1)"
    var drafts = (0..<plan.documents).filter { $0 % plan.sources == number }.map {
      Draft(uri: "/doc-\($0 + 1)", word: "docword\($0 + 1)x", source: source)
    }
    guard !drafts.isEmpty else { return }
    for place in drafts.indices {
      await pause(random, .zero...(.milliseconds(1500)))
      await submit(&drafts[place], random)
    }
    while world.isStormy {
      await pause(random, .milliseconds(300)...(.seconds(8)))
      guard world.isStormy else { return }
      let place = random.pick(drafts.count)
      switch random.pick(10) {
      case 0..<3 where plan.has(.deletes) && drafts[place].id != nil: await delete(&drafts[place])
      case 3 where drafts[place].text != nil: await submit(&drafts[place], random, again: true)
      default: if plan.has(.updates) { await submit(&drafts[place], random) }
      }
    }
  }

  private func submit(_ draft: inout Draft, _ random: RandomStream, again: Bool = false) async {
    if !again { draft.version += 1 }
    let isRefused = world.plan.has(.refusals) && random.chance(60)
    let text =
      again
      ? draft.text ?? ""
      : Prose.text(draft.word, version: draft.version, random, isRefused: isRefused)
    let bytes = Array(text.utf8)
    let request = SubmitRequest(
      index: World.index, source: draft.source, uri: draft.uri,
      change: .bytes(Blob(hash: Workflows.hash(bytes), bytes: bytes)),
      meta: ["source": draft.source],
      workflow: workflow(of: draft.uri),
      priority: random.pick(3) - 1,
      idempotencyKey: random.chance(100) ? "\(draft.uri) \(draft.version)" : nil,
      actor: draft.source)
    do {
      let receipt = try await store.submit(request)
      accepted(receipt, &draft, text)
      world.trace.note(
        draft.source,
        "submits \(draft.uri) version \(draft.version): \(receipt.outcome.rawValue), revision \(receipt.revision)",
        about: [draft.uri])
    } catch {
      world.trace.note(
        draft.source, "submits \(draft.uri) version \(draft.version): \(Failure(error).code)",
        about: [draft.uri])
      if Failure(error).reason == .outcomeUnknown { await lookUp(&draft, text) }
    }
  }

  /// Returns the workflow for a document. With waits, every second document gets the patient workflow.
  private func workflow(of uri: String) -> PinnedWorkflow {
    if let own = world.plan.workflow { return Workflows.pinned(own) }
    let isPatient = world.plan.has(.waits) && (uri.utf8.last ?? 0) % 2 == 0
    return isPatient ? Workflows.patient : Workflows.ingest
  }

  private func accepted(_ receipt: SubmitReceipt, _ draft: inout Draft, _ text: String) {
    draft.id = receipt.document
    draft.text = text
    knows(receipt.document, DocumentFacts(uri: draft.uri, source: draft.source, word: draft.word))
    guard receipt.outcome == .accepted else { return }
    if case .some(let other) = world.oracle.documents[receipt.document]?.revisions[receipt.revision] {
      world.oracle.broken(
        .acceptedIsKept,
        "\(draft.uri) was given revision \(receipt.revision) twice\(other == nil ? ", first for a delete" : "").",
        about: [draft.uri])
    }
    world.oracle.documents[receipt.document]?.revisions[receipt.revision] = .some(text)
  }

  /// Queries the document after a submit of unknown outcome, as people do.
  private func lookUp(_ draft: inout Draft, _ text: String?) async {
    if let report = try? await store.document(draft.uri, index: World.index, source: draft.source) {
      let id = DocumentID(rawValue: report.document)
      draft.id = id
      knows(id, DocumentFacts(uri: draft.uri, source: draft.source, word: draft.word))
      world.oracle.documents[id]?.uncertain.append(text)
      if report.content == text.map({ Workflows.hash(Array($0.utf8)).rawValue }) {
        world.oracle.documents[id]?.revisions[report.revision] = .some(text)
      }
    }
    if text != nil { draft.text = text }
  }

  private func delete(_ draft: inout Draft) async {
    guard let id = draft.id else { return }
    world.oracle.documents[id]?.deletesPending += 1
    let request = SubmitRequest(
      index: World.index, source: draft.source, uri: draft.uri, change: .delete,
      workflow: Workflows.delete,
      actor: draft.source)
    do {
      let receipt = try await store.submit(request)
      world.trace.note(
        draft.source,
        "deletes \(draft.uri): \(receipt.outcome.rawValue), revision \(receipt.revision)",
        about: [draft.uri])
      if receipt.outcome == .accepted {
        world.oracle.documents[id]?.revisions[receipt.revision] = .some(nil)
      }
      world.oracle.documents[id]?.deletesPending -= 1
      let before = world.oracle.documents[id]?.deletedAt ?? 0
      world.oracle.documents[id]?.deletedAt = max(before, receipt.revision)
      draft.text = nil
    } catch {
      world.trace.note(
        draft.source, "deletes \(draft.uri): \(Failure(error).code)", about: [draft.uri])
      if Failure(error).reason == .outcomeUnknown {
        // The delete stays pending, since its outcome is unknown.
        world.oracle.documents[id]?.uncertain.append(nil)
        draft.text = nil
      } else {
        world.oracle.documents[id]?.deletesPending -= 1
      }
    }
  }
}

/// Texts of made-up documents. Every paragraph contains the document's word. Most paragraphs stay the same from version
/// to version.
enum Prose {
  private static let words = [
    "river", "stone", "lantern", "harbour", "winter", "copper", "signal", "garden", "meadow",
    "anchor", "ribbon",
    "thunder", "velvet", "marble", "orchard", "compass", "kettle", "saddle", "willow", "ember",
  ]

  static func text(_ word: String, version: Int, _ random: RandomStream, isRefused: Bool) -> String {
    var text = "# Of \(word)\n\n"
    for paragraph in 0..<random.pick(1...4) {
      // A paragraph that several versions share has the same text, so it must be paid for only once.
      let edition = random.chance(400) ? version : 0
      var generator = SplitMix(seed: UInt64(paragraph * 7919 + edition))
      text += "\(word) part \(paragraph) edition \(edition)"
      for _ in 0..<Int(6 + generator.next() % 18) {
        text += " " + words[Int(generator.next() % UInt64(words.count))]
      }
      text += ".\n\n"
    }
    text += "\(word) version \(version)."
    if isRefused { text += " \(SimulatedProvider.refusedWord)" }
    return text + "\n"
  }
}
