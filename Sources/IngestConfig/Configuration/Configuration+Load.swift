extension Configuration {
  /// Variables that begin as the configuration's do and are read elsewhere.
  package static let otherVariables: Set<String> = ["INGESTD_DATA", "INGESTD_CONFIG"]

  /// Puts the layers together and checks the whole: flags win over the environment, the environment over the file, the file
  /// over the defaults. Every mistake of every layer is told.
  ///
  /// - Parameters:
  ///   - file: nil for none; one that is named must exist.
  ///   - flags: by path, such as `worker.concurrency`.
  package static func load(
    file: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
  ) throws(ConfigurationError) -> LoadedConfiguration {
    var bytes: [UInt8]?
    if let file {
      do throws(FileBytes.Mistake) {
        bytes = try FileBytes.read(file, limit: YAMLLimits().bytes)
      } catch {
        switch error {
        case .missing: throw .missing(file: file)
        case .unreadable(let reason): throw .unreadable(file: file, reason: reason)
        }
      }
    }
    return try load(bytes, of: file, environment: environment, flags: flags)
  }

  /// As ``load(file:environment:flags:)``, of a file that has been read; `file` is what messages call it.
  package static func load(
    _ bytes: [UInt8]?, of file: String?, environment: [String: String] = [:], flags: [String: String] = [:]
  ) throws(ConfigurationError) -> LoadedConfiguration {
    var layers = ConfigurationLayers()
    if let bytes, let file { layers.read(bytes, file: file) }
    layers.read(environment: environment, others: otherVariables)
    layers.read(flags: flags)
    layers.check()
    guard layers.diagnostics.isEmpty else { throw .invalid(layers.diagnostics.sorted()) }
    return layers.loaded(file: file, environment: environment)
  }
}
