internal import Glibc
package import IngestConfig
package import IngestCore

/// A front door's request to open a data folder.
package struct InstallationRequest: Sendable {
  /// The data folder; nil means `$INGESTD_DATA`, else `./.ingestd`.
  package var data: String?
  /// The configuration file; nil means `ingestd.yaml` in the data folder, if it exists.
  package var configurationFile: String?
  /// Configuration values that win over environment and file, by path.
  package var flags: [String: String]
  package var environment: [String: String]
  /// Whether a missing data folder and database are created.
  package var mayCreate: Bool
  package var clock: any TimeSource
  /// Called with the absolute path of a data folder that was created.
  package var onMade: @Sendable (String) -> Void

  package init(
    data: String?, configurationFile: String?, flags: [String: String] = [:], environment: [String: String],
    mayCreate: Bool, clock: any TimeSource, onMade: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.data = data
    self.configurationFile = configurationFile
    self.flags = flags
    self.environment = environment
    self.mayCreate = mayCreate
    self.clock = clock
    self.onMade = onMade
  }

  /// Returns the absolute path of the data folder. A missing folder is created if the request allows it.
  /// - Throws: ``DataFolderError``.
  package func folder() throws -> String {
    let folder = DataFolder(option: data, environment: environment)
    guard mayCreate else { return try folder.existing() }
    let (path, isNew) = try folder.existingOrMade()
    if isNew { onMade(path) }
    return path
  }

  /// Returns the paths of the data folder, for operations that need no data folder but use the settings of one. Nil if none
  /// exists and none was named.
  package func layoutIfAny() throws -> DataLayout? {
    do {
      return DataLayout(folder: try folder())
    } catch DataFolderError.missing where data == nil {
      return nil
    }
  }

  /// Reads the configuration in force: the file, the environment, and flags.
  package func loadedConfiguration(in layout: DataLayout?) throws -> LoadedConfiguration {
    var file = configurationFile
    if file == nil, let standard = layout?.configuration, access(standard, F_OK) == 0 { file = standard }
    return try Configuration.load(file: file, environment: environment, flags: flags)
  }

  /// The workflows of the data folder, if one exists, and the built-in ones.
  package func workflowLibrary() throws -> WorkflowLibrary {
    let layout = try layoutIfAny()
    return WorkflowLibrary.load(try loadedConfiguration(in: layout).configuration, in: layout)
  }
}

extension WorkflowLibrary {
  /// The workflows that can run: the built-in ones, and those of the configured folder.
  package static func load(_ configuration: Configuration, in layout: DataLayout?) -> WorkflowLibrary {
    load(folder: configuration.workflowsFolder ?? layout?.workflows, isRequired: configuration.workflowsFolder != nil)
  }
}

extension WorkflowEntry {
  package var pinned: PinnedWorkflow { PinnedWorkflow(version: version, definition: definition) }
}
