import IngestCore

/// What must hold, in the words of DESIGN §2.
package enum Promise: String, Codable, Sendable, CaseIterable {
  case acceptedIsKept = "accepted is kept"
  case stepsRunOnce = "a step runs to its checkpoint once"
  case lateWorkers = "a late worker does no harm"
  case everyJobEnds = "every job ends"
  case indexIsCatalogue = "the index is what the catalogue says"
  case nothingVanishes = "a document never vanishes"
  case readersNeverNotice = "readers never notice"
  case rollbackIsFresh = "rollback is not stale"
  case limitsHold = "limits hold across processes"
  case nothingPaidTwice = "nothing is paid for twice"
  case schedulesFireOnce = "a tick fires once"
  case countersAreTrue = "the counters are true"
  /// No promise of the product: the simulation itself could not go on.
  case harness = "the simulation can be run"
}

/// A promise that was broken.
package struct Finding: Sendable {
  package var promise: Promise
  /// One sentence: what happened to what.
  package var sentence: String
  /// Microseconds since the world began.
  package var at: Int64
  /// The documents and jobs that it is about.
  package var topics: Set<String>
}

/// Watches everything that workers and readers do and compares it with what was promised. It knows what was told to whom,
/// never how the product does it.
///
/// `@unchecked`: confined to the kernel's thread.
final class Oracle: @unchecked Sendable {
  let trace: Trace
  let machine: VirtualMachineClock
  /// The first one ends the run.
  private(set) var finding: Finding?

  var jobs: [JobID: JobFacts] = [:]
  var documents: [DocumentID: DocumentFacts] = [:]
  /// What each generation was built with.
  var specs: [Int: GenerationSpec] = [:]
  /// By generation, then document: what a checkpoint that was acknowledged said is held.
  var held: [Int: [DocumentID: (revision: Int, isContent: Bool)]] = [:]
  var payments = Payments()
  /// By code.
  var deadLetters: [String: Int] = [:]
  var limits = Limits()
  var breakers: [String: BreakerFacts] = [:]
  /// Workers that nobody may take for alive any more.
  var deadWorkers: Set<WorkerID> = []
  private var moment: Int64 = 0

  init(trace: Trace, machine: VirtualMachineClock) {
    self.trace = trace
    self.machine = machine
  }

  func broken(_ promise: Promise, _ sentence: String, about topics: [String] = []) {
    guard finding == nil else { return }
    trace.note("ORACLE", "\(promise.rawValue): \(sentence)", about: topics)
    finding = Finding(
      promise: promise, sentence: sentence, at: trace.lines.last?.at ?? 0, topics: Set(topics))
  }

  /// A number that grows with each thing that is seen: what came before what.
  func tick() -> Int64 {
    moment += 1
    return moment
  }
}

/// What was seen of one job.
struct JobFacts {
  /// For people: `doc-3 revision 2 in generation 1`.
  var label: String
  var topics: [String]
  var document: DocumentID?
  var revision: Int?
  var generation: Int?
  var source: String?
  /// The highest that was handed out.
  var fence: Int64 = 0
  var holder: WorkerID?
  /// By the boot clock of ``boot``; past it the job may be somebody else's.
  var leasedUntil: Int64 = 0
  var boot = ""
  /// Steps whose checkpoint was acknowledged.
  var done: Set<String> = []
}

/// What was told about one document.
struct DocumentFacts {
  var uri: String
  var source: String
  /// Where readers find it by.
  var word: String
  /// By revision, as acknowledged; nil for a delete.
  var revisions: [Int: String?] = [:]
  /// Of attempts that nobody knows the outcome of; nil for a delete.
  var uncertain: [String?] = []
  /// Of the highest delete that was acknowledged.
  var deletedAt = 0
  /// Deletes under way, or of unknown outcome.
  var deletesPending = 0
  /// An operator cancelled a job of it: it may rest behind.
  var wasCancelled = false
}
