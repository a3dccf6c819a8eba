internal import Glibc
import IngestConfig
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestSQL
import IngestStore
package import IngestOperations

/// Looks at everything and changes nothing. Each check stands by itself: what is broken hides no other finding.
package struct Doctor {
  let request: InstallationRequest
  /// Called with each finding as it is made.
  let tell: (DoctorFinding) throws -> Void

  package init(_ request: InstallationRequest, tell: @escaping (DoctorFinding) throws -> Void) {
    self.request = request
    self.tell = tell
  }

  package func run() async throws {
    let layout = try folder()
    let configuration = try configuration(in: layout)
    try await programs(configuration ?? Configuration())
    var generations: [Generation] = []
    if let layout {
      try permissions(of: layout)
      try space(of: layout)
      generations = try await database(layout, configuration ?? Configuration())
    }
    if let configuration { try await embedders(configuration, generations) }
  }

  private func folder() throws -> DataLayout? {
    do {
      guard let layout = try request.layoutIfAny() else {
        try tell(
          .warn(
            "data folder", "there is none yet",
            hint: "\(Action(.submit)) makes ./.ingestd; \(option: "data", "DIR") names another"))
        return nil
      }
      return layout
    } catch let error as DataFolderError {
      try tell(.fail("data folder", error))
      return nil
    }
  }

  private func configuration(in layout: DataLayout?) throws -> Configuration? {
    let loaded: LoadedConfiguration
    do {
      loaded = try request.loadedConfiguration(in: layout)
    } catch let error as ConfigurationError {
      try tell(.fail("configuration", error))
      return nil
    }
    try tell(.ok("configuration", loaded.file.map { "\($0) is sound" } ?? "no file; the defaults hold"))
    let library = WorkflowLibrary.load(loaded.configuration, in: layout)
    for broken in library.broken {
      let mistakes = broken.diagnostics.prefix(3).map(\.description).joined(separator: "; ")
      try tell(
        .fail(
          "workflow \(broken.name)", mistakes, hint: "mend the file; \(Action(.workflowValidate)) tells all mistakes"))
    }
    if library.broken.isEmpty { try tell(.ok("workflows", "\(library.entries.count) are sound")) }
    return loaded.configuration
  }

  private func permissions(of layout: DataLayout) throws {
    let check = "data folder"
    var status = stat()
    guard stat(layout.folder, &status) == 0 else {
      return try tell(.fail(check, "\(layout.folder): \(String(cString: strerror(errno)))", hint: "check its path"))
    }
    guard access(layout.folder, R_OK | W_OK | X_OK) == 0 else {
      return try tell(
        .fail(
          check, "\(layout.folder) cannot be written: \(String(cString: strerror(errno)))",
          hint: "check who owns it, its permissions, and whether the file system is mounted read-only"))
    }
    guard status.st_mode & 0o077 == 0 else {
      return try tell(
        .warn(
          check, "\(layout.folder) can be read by others, and documents are kept in it",
          hint: "`chmod 700 \(layout.folder)`, unless that is meant"))
    }
    try tell(.ok(check, "\(layout.folder) can be written, and only by its owner"))
  }

  private func space(of layout: DataLayout) throws {
    let check = "disk space"
    var status = statvfs()
    guard statvfs(layout.folder, &status) == 0 else {
      return try tell(.fail(check, String(cString: strerror(errno)), hint: "check the file system"))
    }
    let free = Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    let text = "\(ByteSize.text(free)) are free"
    if free < 64 << 20 {
      try tell(.fail(check, text, hint: "make room: submits are refused and steps fail when the disk is full"))
    } else if free < 1 << 30 {
      try tell(.warn(check, text, hint: "make room soon; \(Action(.indexGc, "INDEX")) removes retired generations"))
    } else {
      try tell(.ok(check, text))
    }
  }
}
