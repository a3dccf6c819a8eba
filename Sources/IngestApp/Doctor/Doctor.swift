internal import Glibc
import IngestConfig
import IngestCore
import IngestIndex
package import IngestOperations

/// The checks of `doctor`. They change nothing. Each check is independent: a failed one does not hide the others.
package struct Doctor {
  let request: InstallationRequest
  /// Called with each finding as soon as it is known.
  let report: (DoctorFinding) throws -> Void

  package init(_ request: InstallationRequest, report: @escaping (DoctorFinding) throws -> Void) {
    self.request = request
    self.report = report
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
        try report(
          .warn(
            "data folder", "there is none yet",
            hint: "\(Action(.submit)) creates ./.ingestd; \(option: "data", "DIR") names another"))
        return nil
      }
      return layout
    } catch let error as DataFolderError {
      try report(.fail("data folder", error))
      return nil
    }
  }

  private func configuration(in layout: DataLayout?) throws -> Configuration? {
    let loaded: LoadedConfiguration
    do {
      loaded = try request.loadedConfiguration(in: layout)
    } catch let error as ConfigurationError {
      try report(.fail("configuration", error))
      return nil
    }
    try report(.ok("configuration", loaded.file.map { "\($0) is valid" } ?? "no file; the defaults apply"))
    let library = WorkflowLibrary.load(loaded.configuration, in: layout)
    for broken in library.broken {
      let mistakes = broken.diagnostics.prefix(3).map(\.description).joined(separator: "; ")
      try report(
        .fail(
          "workflow \(broken.name)", mistakes, hint: "correct the file; \(Action(.workflowValidate)) lists all mistakes"
        ))
    }
    if library.broken.isEmpty { try report(.ok("workflows", "\(library.entries.count) are sound")) }
    return loaded.configuration
  }

  private func permissions(of layout: DataLayout) throws {
    let check = "data folder"
    var status = stat()
    guard stat(layout.folder, &status) == 0 else {
      return try report(.fail(check, "\(layout.folder): \(String(cString: strerror(errno)))", hint: "check its path"))
    }
    guard access(layout.folder, R_OK | W_OK | X_OK) == 0 else {
      return try report(
        .fail(
          check, "\(layout.folder) cannot be written: \(String(cString: strerror(errno)))",
          hint: "check who owns it, its permissions, and whether the file system is mounted read-only"))
    }
    guard status.st_mode & 0o077 == 0 else {
      return try report(
        .warn(
          check, "\(layout.folder) can be read by others, and documents are kept in it",
          hint: "`chmod 700 \(layout.folder)`, unless that is meant"))
    }
    try report(.ok(check, "\(layout.folder) can be written, and only by its owner"))
  }

  private func space(of layout: DataLayout) throws {
    let check = "disk space"
    var status = statvfs()
    guard statvfs(layout.folder, &status) == 0 else {
      return try report(.fail(check, String(cString: strerror(errno)), hint: "check the file system"))
    }
    let free = Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    let text = "\(ByteSize.text(free)) are free"
    if free < 64 << 20 {
      try report(.fail(check, text, hint: "free space: submits are refused and steps fail when the disk is full"))
    } else if free < 1 << 30 {
      try report(.warn(check, text, hint: "free space soon; \(Action(.indexGc, "INDEX")) removes retired generations"))
    } else {
      try report(.ok(check, text))
    }
  }
}
