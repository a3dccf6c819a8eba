package import IngestCore
import IngestProcess

extension StatusReport.Worker {
  /// A lock that is free means that it died; one that this user may not look at says nothing.
  package var isAlive: Bool { (try? FileLock.isHeld(path: lockPath)) != false }
}
