/// What a command over many jobs has given a job to so far. A dry run writes nothing, and yet must tell the second job of a
/// document, of a task or of a singleton what doing it would.
struct TakenPlaces {
  /// What no two open jobs do at once.
  enum Work: Hashable {
    case document(Int64, generation: Int64?)
    case task(String, generation: Int64)
  }

  /// Where one job would stand.
  struct Place {
    /// Nil for a child: its siblings may do the same.
    var work: Work?
    var singleton: String?
  }

  private var works: Set<Work> = []
  /// The job that was given each.
  private var singletons: [String: String] = [:]

  func holds(_ work: Work?) -> Bool { work.map(works.contains) ?? false }

  func holder(of singleton: String?) -> String? { singleton.flatMap { singletons[$0] } }

  mutating func take(_ place: Place, by job: String) {
    if let work = place.work { works.insert(work) }
    if let singleton = place.singleton { singletons[singleton] = job }
  }
}
