import IngestCore

/// A promise of the system, in the words of DESIGN §2.
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
  /// Not a promise of the product: the simulation itself failed.
  case harness = "the simulation can be run"
}

/// A promise that was broken.
package struct Finding: Sendable {
  package var promise: Promise
  /// One sentence: what happened to what.
  package var sentence: String
  /// Microseconds since the world began.
  package var at: Int64
  /// The documents and jobs that the finding concerns.
  package var topics: Set<String>
}

/// Watches everything that workers and readers do and compares it with the promises. It knows only which answers each
/// of them got, never how the product works inside.
///
/// `@unchecked`: confined to the kernel's thread.
final class Oracle: @unchecked Sendable {
  let trace: Trace
  let machine: VirtualMachineClock
  /// The first broken promise. It ends the run.
  private(set) var finding: Finding?

  var jobs: [JobID: JobFacts] = [:]
  var documents: [DocumentID: DocumentFacts] = [:]
  /// Jobs without an index that were acknowledged.
  var starts: [JobID: StartFacts] = [:]
  /// The settings of each generation.
  var specs: [Int: GenerationSpec] = [:]
  /// Revisions held, by generation, then document, as acknowledged checkpoints said.
  var held: [Int: [DocumentID: (revision: Int, isContent: Bool)]] = [:]
  var payments = Payments()
  /// Dead letters by error code.
  var deadLetters: [String: Int] = [:]
  var limits = Limits()
  var breakers: [String: BreakerFacts] = [:]
  /// Workers that no worker may treat as alive any more.
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

  /// Returns a number that grows with each observed event, to order events.
  func tick() -> Int64 {
    moment += 1
    return moment
  }
}

/// Observations about one job.
struct JobFacts {
  /// A name for people: `doc-3 revision 2 in generation 1`.
  var label: String
  var topics: [String]
  var document: DocumentID?
  var revision: Int?
  var generation: Int?
  var source: String?
  /// The highest fence that was issued.
  var fence: Int64 = 0
  var holder: WorkerID?
  /// When the lease ends, by the boot clock of ``boot``. Later the job may belong to another worker.
  var leasedUntil: Int64 = 0
  var boot = ""
  /// Steps whose checkpoint was acknowledged.
  var done: Set<String> = []
}

/// Acknowledgements about one document.
struct DocumentFacts {
  var uri: String
  var source: String
  /// The word by which readers find the document.
  var word: String
  /// Contents by acknowledged revision; nil for a delete.
  var revisions: [Int: String?] = [:]
  /// Contents of attempts of unknown outcome; nil for a delete.
  var uncertain: [String?] = []
  /// The highest revision of an acknowledged delete.
  var deletedAt = 0
  /// Deletes that are under way or of unknown outcome.
  var deletesPending = 0
  /// Whether an operator cancelled a job of the document. If so the document may stay behind.
  var wasCancelled = false
}
