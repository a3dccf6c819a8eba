import Glibc
package import IngestApp
package import IngestConfig
package import IngestCore

extension CommandContext {
  /// Who the journal names: the user of this process.
  package var actor: Actor {
    Actor(.commandLine, environment["USER"] ?? environment["LOGNAME"] ?? "uid-\(getuid())")
  }

  /// What the command line says of the data folder and its settings.
  /// - Parameter flags: configuration that the command line gave, by path.
  package func request(flags: [String: String] = [:]) -> InstallationRequest {
    InstallationRequest(
      data: self[GlobalOptions.data],
      configurationFile: self[GlobalOptions.config]
        ?? environment["INGESTD_CONFIG"].flatMap { $0.isEmpty ? nil : $0 },
      flags: flags, environment: environment, mayCreate: spec.data == .created, clock: clock,
      onMade: { [console] path in console.note("made the data folder \(path.visible)") })
  }

  /// Runs a body with the opened data folder, and closes it whatever happens.
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

  /// The workflows of the data folder, where one exists, and those built in.
  package func workflowLibrary() throws -> WorkflowLibrary { try request().workflowLibrary() }
}
