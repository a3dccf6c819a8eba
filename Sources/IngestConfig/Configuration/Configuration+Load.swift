extension Configuration {
  /// The variables that begin with `INGESTD_` but are not configuration keys. Other code reads them.
  package static let otherVariables: Set<String> = ["INGESTD_DATA", "INGESTD_CONFIG"]

  /// Merges the layers and checks the result. Flags win over the environment, the environment over the file, the file
  /// over the defaults. Reports every mistake of every layer.
  ///
  /// - Parameters:
  ///   - file: the path of a file, which must exist. Nil means no file.
  ///   - flags: values by path, such as `worker.concurrency`.
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

  /// Does the same as ``load(file:environment:flags:)`` with the bytes of a file. Messages use `file` as its name.
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
