import Glibc
package import IngestApp
package import IngestCore

extension CommandContext {
  /// The user of this process, for the journal.
  package var actor: Actor {
    Actor(.commandLine, environment["USER"] ?? environment["LOGNAME"] ?? "uid-\(getuid())")
  }

  /// Returns the request for the data folder and its settings that the command line makes.
  /// - Parameter flags: configuration values that the command line gives, by key.
  package func request(flags: [String: String] = [:]) -> InstallationRequest {
    InstallationRequest(
      data: self[GlobalOptions.data],
      configurationFile: self[GlobalOptions.config]
        ?? environment["INGESTD_CONFIG"].flatMap { $0.isEmpty ? nil : $0 },
      flags: flags, environment: environment, mayCreate: spec.data == .created, clock: clock,
      onMade: { [console] path in console.note("created the data folder \(path.visible)") })
  }

  /// Runs a body with the opened data folder, and closes the folder even if the body throws.
  package func withInstallation<T>(
    flags: [String: String] = [:], _ body: (Installation) async throws -> T
  ) async throws -> T {
    let installation = try await compose(request(flags: flags))
    do {
      let result = try await body(installation)
      await installation.close()
      return result
    } catch {
      await installation.close()
      throw error
    }
  }
}
