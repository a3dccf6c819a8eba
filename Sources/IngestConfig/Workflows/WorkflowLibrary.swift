package import IngestCore

/// The workflows that can run: those in the binary and those in the user's folder, which win.
package struct WorkflowLibrary: Sendable {
  /// Sorted by name.
  package private(set) var entries: [WorkflowEntry] = []
  /// Sorted by file. None of their names is in ``entries``.
  package private(set) var broken: [BrokenWorkflow] = []

  private let catalogue: StepCatalogue

  /// Reads every `*.yaml` and `*.yml` in `folder`, except hidden files. A file with mistakes does not affect the
  /// others.
  ///
  /// - Parameters:
  ///   - folder: the user's folder. Nil means only the built-in workflows.
  ///   - isRequired: whether a missing folder is a mistake. True if the user named the folder.
  ///   - catalogue: the kinds of step that the workflows may use.
  package static func load(
    folder: String?, isRequired: Bool = false, catalogue: StepCatalogue
  ) -> WorkflowLibrary {
    var library = WorkflowLibrary(catalogue: catalogue)
    for (name, bytes) in BuiltInWorkflowFiles.all { library.add(bytes, file: name, origin: .builtIn) }
    guard let folder else { return library }
    let names: [String]
    do throws(FileBytes.Mistake) {
      names = try FileBytes.names(in: folder)
    } catch {
      if error != .missing || isRequired { library.refuse(folder, error) }
      return library
    }
    for name in names where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      let path = "\(folder)/\(name)"
      do throws(FileBytes.Mistake) {
        library.add(try FileBytes.read(path, limit: YAMLLimits().bytes), file: path, origin: .file(path))
      } catch {
        library.refuse(path, error)
      }
    }
    library.proveChildren()
    return library
  }

  /// Checks one file for `workflow validate FILE`, as if it were in the folder with the others.
  ///
  /// - Parameter others: the workflows that its `foreach` steps may run. Nil skips the check of these steps.
  package static func check(
    file: String, among others: WorkflowLibrary? = nil, catalogue: StepCatalogue
  ) throws(WorkflowError) -> WorkflowEntry {
    var library = WorkflowLibrary(catalogue: catalogue)
    do throws(FileBytes.Mistake) {
      library.add(try FileBytes.read(file, limit: YAMLLimits().bytes), file: file, origin: .file(file))
    } catch {
      library.refuse(file, error)
    }
    guard let entry = library.entries.first else {
      throw .invalid(name: file, library.broken.flatMap(\.diagnostics))
    }
    if let others {
      let name = entry.definition.name
      library.entries += others.entries.filter { $0.definition.name != name }
      library.broken += others.broken.filter { $0.name != name }
      let mistakes = library.mistakes(of: entry)
      if !mistakes.isEmpty { throw .invalid(name: file, mistakes) }
    }
    return entry
  }

  /// Returns the workflow with this name.
  /// - Throws: ``WorkflowError/invalid(name:_:)`` if its file has mistakes, ``WorkflowError/unknown(name:known:)`` if
  ///   there is none.
  package func get(_ name: String) throws(WorkflowError) -> WorkflowEntry {
    let mistakes = broken.filter { $0.name == name }.flatMap(\.diagnostics)
    guard mistakes.isEmpty else { throw .invalid(name: name, mistakes) }
    if let entry = entries.first(where: { $0.definition.name == name }) { return entry }
    throw .unknown(name: name, known: entries.map(\.definition.name))
  }

  private init(catalogue: StepCatalogue) { self.catalogue = catalogue }

  private mutating func add(_ bytes: [UInt8], file: String, origin: WorkflowEntry.Origin) {
    var diagnostics: [Diagnostic] = []
    let (definition, name, children) = WorkflowReader.read(
      bytes, file: file, catalogue: catalogue, diagnostics: &diagnostics)
    guard let definition else {
      refuse(file, name: name, diagnostics)
      return
    }
    if let other = entries.first(where: { $0.definition.name == definition.name }), case .file(let path) = other.origin
    {
      let mistake = Diagnostic(
        .file(file, line: 1, column: 1), "the name \(definition.name) is taken", hint: "\(path) has the same name")
      refuse(file, name: definition.name, [mistake])
      return
    }
    entries.removeAll { $0.definition.name == definition.name }
    let text = String(decoding: bytes, as: UTF8.self)
    guard !broken.contains(where: { $0.name == definition.name }) else { return }
    entries.append(WorkflowEntry(definition: definition, origin: origin, text: text, children: children))
    entries.sort { $0.definition.name < $1.definition.name }
  }

  private mutating func refuse(_ path: String, _ mistake: FileBytes.Mistake) {
    let place = SettingOrigin.file(path, line: 1, column: 1)
    let diagnostic =
      switch mistake {
      case .missing: Diagnostic(place, "it does not exist", hint: "check the path, or create it")
      case .unreadable(let reason): Diagnostic(place, "it cannot be read: \(reason)", hint: "check its permissions")
      }
    refuse(path, name: nil, [diagnostic])
  }

  mutating func refuse(_ file: String, name: String?, _ diagnostics: [Diagnostic]) {
    let base = file.split(separator: "/").last ?? ""
    let stem = base.lastIndex(of: ".").map { base[..<$0] } ?? base
    let broken = BrokenWorkflow(name: name ?? String(stem), file: file, diagnostics: diagnostics)
    self.broken.append(broken)
    entries.removeAll { $0.definition.name == broken.name }
  }
}
