internal import Glibc
package import IngestConfig
import IngestProcess
package import IngestSQL
import IngestStore

/// An existing data folder and its settings, before the database is opened.
package struct InstallationPlan: Sendable {
  package let request: InstallationRequest
  package let layout: DataLayout
  package let configuration: Configuration
  /// How the database is opened.
  package var database: DatabaseOptions

  /// Creates the data folder if the request allows it, and reads the configuration.
  /// - Throws: ``DataFolderError``, `DATABASE_LOST`, and every mistake of the configuration.
  package init(_ request: InstallationRequest) throws {
    self.request = request
    layout = DataLayout(folder: try request.folder())
    configuration = try request.loadedConfiguration(in: layout).configuration
    if let lost = layout.lostDatabase { throw lost }
    if request.mayCreate {
      for folder in [layout.indexes, layout.workers] {
        if mkdir(folder, 0o700) == 0 {
          try DataFolder.syncName(of: folder)
        } else if errno != EEXIST {
          throw DataFolderError.unusable(path: folder, reason: String(cString: strerror(errno)))
        }
      }
    }
    let wake = try? WakeFile(path: layout.wake)
    database = DatabaseOptions(mode: request.mayCreate ? .create : .existing, migrations: Store.migrations)
    database.synchronous =
      switch configuration.store.synchronous {
      case .full: .full
      case .normal: .normal
      }
    database.busy.limit = configuration.store.busyTimeout
    database.cacheBytes = 16 << 20
    database.onCommit = { flags in
      if flags & CommitFlag.wake != 0 { wake?.signal() }
    }
  }
}
