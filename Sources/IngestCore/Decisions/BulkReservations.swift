/// The documents, tasks and singletons that a command over many jobs has reserved so far. A dry run writes nothing, but
/// its second job of a document, of a task or of a singleton must be refused as the real run would refuse it.
package struct BulkReservations: Sendable {
  /// The work that no two open jobs may do at once.
  package enum Work: Hashable, Sendable {
    case document(Int64, generation: Int64?)
    case task(String, generation: Int64)
  }

  /// The reservation that one job needs.
  package struct Place: Hashable, Sendable {
    /// Nil for a child, whose siblings may do the same work, and for a job without an index, which conflicts with no
    /// other job.
    package var work: Work?
    package var singleton: String?
  }

  private var works: Set<Work> = []
  /// The job that reserved each singleton.
  private var singletons: [String: String] = [:]

  package init() {}

  package func holds(_ work: Work?) -> Bool { work.map(works.contains) ?? false }

  package func holder(of singleton: String?) -> String? { singleton.flatMap { singletons[$0] } }

  package mutating func take(_ place: Place, by job: String) {
    if let work = place.work { works.insert(work) }
    if let singleton = place.singleton { singletons[singleton] = job }
  }
}
