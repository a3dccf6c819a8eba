import IngestCore
import Testing

@Suite("Submit decisions")
struct SubmitDecisionTests {
  private static let held = SubmitFacts.Held(revision: 3, lost: 0)
  private static let job = OpenJob(id: JobID(rawValue: "01JOB"), state: .running)

  private static func request(
    _ text: String = "text", workflow: String = "ingest", singleton: Singleton? = nil, key: String? = nil,
    passwordFile: String? = nil, debounce: Debounce? = nil
  ) -> SubmitRequest {
    var definition = WorkflowDefinition(name: workflow, steps: [])
    definition.singleton = singleton
    return SubmitRequest(
      index: "docs", source: "handbook", uri: "/a",
      change: .stored(ContentHash(rawValue: "hash of \(text)"), size: 4),
      workflow: PinnedWorkflow(version: ContentHash(rawValue: "v1"), definition: definition),
      passwordFile: passwordFile, idempotencyKey: key, debounce: debounce, actor: "test")
  }

  private static var deletion: SubmitRequest {
    var request = request()
    request.change = .delete
    return request
  }

  /// A document at revision 3 that is wanted as ``request()`` has it.
  private static func document(isDelete: Bool = false, passwordFile: String? = nil) -> SubmitFacts.Document {
    SubmitFacts.Document(
      id: DocumentID(rawValue: "01DOC"), revision: 3, isDelete: isDelete,
      content: isDelete ? nil : ContentHash(rawValue: "hash of text"), meta: "{}", workflow: "ingest",
      passwordFile: passwordFile)
  }

  private static func facts(
    _ document: SubmitFacts.Document? = document(), held: SubmitFacts.Held? = nil, job: OpenJob? = nil,
    holder: OpenJob? = nil
  ) -> SubmitFacts {
    var facts = SubmitFacts(document: document)
    facts.firstAnswer = .read(nil)
    facts.heldByLive = .read(held)
    facts.openJob = .read(job)
    facts.singletonHolder = .read(holder)
    return facts
  }

  /// The decision, as a word that tests compare.
  private func outcome(_ facts: SubmitFacts, _ request: SubmitRequest = request(), meta: String = "{}") -> String {
    switch facts.question(request, meta: meta) {
    case .firstAnswer: "reads the first answer"
    case .heldByLive: "reads what live holds"
    case .openJob: "reads the open job"
    case .singletonHolder: "reads the holder"
    case .decided(.repeated): "repeated"
    case .decided(.unchanged(let receipt)): receipt.job == nil && receipt.revision == 3 ? "unchanged" : "wrong receipt"
    case .decided(.duplicate(let receipt, let debounce)):
      receipt.job == Self.job.id && receipt.state == .running
        ? debounce == nil ? "duplicate" : "duplicate, delayed" : "wrong receipt"
    case .decided(.skipped(let receipt)): receipt.job == Self.job.id ? "skipped" : "wrong receipt"
    case .decided(.refused(let failure)): failure.code
    case .decided(.accepted(let revision)): "revision \(revision)"
    }
  }

  @Test("the first submit of a document is revision 1, and reads nothing else")
  func first() {
    #expect(outcome(SubmitFacts(document: nil)) == "revision 1")
  }

  @Test("other content, metadata or workflow, or a deleted document, is a new revision, and reads nothing else")
  func changed() {
    let unread = SubmitFacts(document: Self.document())
    #expect(outcome(unread, Self.request("other")) == "revision 4")
    #expect(outcome(unread, meta: "{\"team\":\"a\"}") == "revision 4")
    #expect(outcome(unread, Self.request(workflow: "other")) == "revision 4")
    #expect(outcome(SubmitFacts(document: Self.document(isDelete: true))) == "revision 4")
    #expect(outcome(unread, Self.deletion) == "revision 4")
  }

  @Test("a submit is unchanged if the live generation holds all of the wanted revision, and then no job is read")
  func unchanged() {
    var facts = SubmitFacts(document: Self.document())
    #expect(outcome(facts) == "reads what live holds")
    facts.heldByLive = .read(Self.held)
    #expect(outcome(facts) == "unchanged")
    #expect(outcome(Self.facts(Self.document(isDelete: true), held: Self.held), Self.deletion) == "unchanged")
  }

  @Test("a document is accepted again if the live generation holds an older revision, or lost some chunks")
  func incomplete() {
    #expect(outcome(Self.facts(held: SubmitFacts.Held(revision: 2, lost: 0))) == "revision 4")
    #expect(outcome(Self.facts(held: SubmitFacts.Held(revision: 3, lost: 1))) == "revision 4")
  }

  @Test("a submit is a duplicate while a job for the same revision is open")
  func duplicate() {
    var facts = SubmitFacts(document: Self.document())
    facts.heldByLive = .read(nil)
    #expect(outcome(facts) == "reads the open job")
    facts.openJob = .read(Self.job)
    #expect(outcome(facts) == "duplicate")
    facts.openJob = .read(nil)
    #expect(outcome(facts) == "revision 4")
    let debounce = Debounce(period: .seconds(1), longest: .seconds(9))
    #expect(outcome(Self.facts(job: Self.job), Self.request(debounce: debounce)) == "duplicate, delayed")
  }

  @Test("a submit with another password is accepted again, unless the live generation holds the document")
  func password() {
    let known = Self.document(passwordFile: "/old")
    #expect(outcome(Self.facts(known, job: Self.job), Self.request(passwordFile: "/new")) == "revision 4")
    #expect(outcome(Self.facts(known, job: Self.job), Self.request(passwordFile: "/old")) == "duplicate")
    #expect(outcome(Self.facts(known, job: Self.job)) == "duplicate")
    #expect(outcome(Self.facts(known, held: Self.held), Self.request(passwordFile: "/new")) == "unchanged")
  }

  @Test("a singleton that skips is skipped while its one job is open; one that cancels is accepted")
  func singleton() {
    let skip = Self.request("new", singleton: Singleton(key: .source, mode: .skip))
    #expect(outcome(SubmitFacts(document: nil), skip) == "reads the holder")
    #expect(outcome(Self.facts(nil, holder: Self.job), skip) == "skipped")
    #expect(outcome(Self.facts(holder: Self.job), skip) == "skipped")
    #expect(outcome(Self.facts(nil), skip) == "revision 1")
    let cancel = Self.request("new", singleton: Singleton(key: .source, mode: .cancel))
    #expect(outcome(SubmitFacts(document: nil), cancel) == "revision 1")
  }

  @Test("a document that was never submitted cannot be deleted")
  func unknown() {
    #expect(outcome(SubmitFacts(document: nil), Self.deletion) == "DOCUMENT_NOT_FOUND")
  }

  @Test("an idempotency key repeats its first answer, regardless of the document, and is refused for any other request")
  func keys() {
    let request = Self.request(key: "k")
    var facts = SubmitFacts(document: Self.document())
    #expect(outcome(facts, request) == "reads the first answer")
    let receipt = SubmitReceipt(
      job: nil, document: DocumentID(rawValue: "01DOC"), revision: 1, state: nil, outcome: .duplicate)
    facts.firstAnswer = .read(SubmitFacts.FirstAnswer(request: request.idempotencyRequest, receipt: receipt))
    #expect(outcome(facts, request) == "repeated")
    #expect(outcome(facts, Self.request("other", key: "k")) == "IDEMPOTENCY_KEY_REUSED")
    facts.firstAnswer = .read(nil)
    #expect(outcome(facts, request) == "reads what live holds")
  }

  @Test("if nothing is accepted, only a new key and a debounced duplicate need a write")
  func unwritten() {
    let receipt = SubmitReceipt(
      job: nil, document: DocumentID(rawValue: "01DOC"), revision: 1, state: nil, outcome: .duplicate)
    #expect(SubmitDecision.repeated(receipt).unwrittenReceipt == receipt)
    #expect(SubmitDecision.unchanged(receipt).unwrittenReceipt == receipt)
    #expect(SubmitDecision.duplicate(receipt, delaying: nil).unwrittenReceipt == receipt)
    let debounce = Debounce(period: .seconds(1), longest: .seconds(9))
    #expect(SubmitDecision.duplicate(receipt, delaying: debounce).unwrittenReceipt == nil)
    #expect(SubmitDecision.accepted(revision: 1).unwrittenReceipt == nil)
    #expect(Self.facts().mustWrite(Self.request(key: "k")))
    #expect(!Self.facts().mustWrite(Self.request()))
    #expect(!SubmitFacts(document: nil).mustWrite(Self.request(key: "k")))
  }
}
