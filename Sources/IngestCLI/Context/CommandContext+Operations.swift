import IngestApp
package import IngestOperations

extension CommandContext {
  /// Runs a body with the operations on the command's data folder. Their actor is the user of this process.
  package func withOperations<T>(_ body: (Operations) async throws -> T) async throws -> T {
    try await withInstallation { try await body($0.operations(as: actor)) }
  }
}
