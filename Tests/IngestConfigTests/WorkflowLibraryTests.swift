import FoundationEssentials
import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("The workflow library")
struct WorkflowLibraryTests {
  /// Makes a folder with these files, and removes it after `body`.
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/workflows-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8) }
    try body(folder)
  }

  private let noop = "steps: [{id: only, uses: noop}]\n"

  @Test("every file in workflows/ is embedded, byte for byte")
  func embedded() throws {
    let folder = Repository.root + "/workflows"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    let embedded = Dictionary(uniqueKeysWithValues: BuiltInWorkflowFiles.all.map { ($0.name, $0.bytes) })
    #expect(Set(names) == Set(embedded.keys))
    for name in names {
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + name))
      #expect(embedded[name] == Array(bytes), "\(name) in the binary is not the file")
    }
  }

  @Test("the built-in workflows have no mistakes, and each file is named after its workflow")
  func builtIn() {
    let library = WorkflowLibrary.load(folder: nil)
    #expect(library.broken == [])
    #expect(library.entries.map(\.definition.name) == ["delete", "ingest", "reindex", "scan"])
    #expect(library.entries.allSatisfy { $0.origin == .builtIn })
  }

  @Test("a user's file overrides the built-in workflow of the same name, and its origin is recorded")
  func overrides() throws {
    try withFolder(["mine.yaml": "name: ingest\n" + noop, "other.yml": "name: other\n" + noop]) { folder in
      let library = WorkflowLibrary.load(folder: folder)
      #expect(library.entries.map(\.definition.name) == ["delete", "ingest", "other", "reindex", "scan"])
      let entry = try library.get("ingest")
      #expect(entry.origin == .file(folder + "/mine.yaml"))
      #expect(entry.definition.steps.map(\.uses) == ["noop"])
      #expect(entry.text == "name: ingest\n" + noop)
    }
  }

  @Test("a broken file hides no other workflow, and the built-in one of its name does not run instead")
  func broken() throws {
    let files = [
      "a.yaml": "name: ingest\nsteps: []\n", "delete.yaml": ":\t[", "good.yaml": "name: good\n" + noop,
      ".hidden.yaml": "?", "notes.txt": "?", "old.yaml~": "?",
    ]
    try withFolder(files) { folder in
      let library = WorkflowLibrary.load(folder: folder)
      #expect(library.entries.map(\.definition.name) == ["good", "reindex", "scan"])
      #expect(library.broken.map(\.name) == ["ingest", "delete"])
      let error = refusal { try library.get("ingest") }
      #expect(error?.code == "WORKFLOW_INVALID")
      #expect(error?.category == .invalid)
      #expect(error?.causes.map(\.message) == ["\(folder)/a.yaml:2:8: 0 steps"])
    }
  }

  @Test("two files with one workflow name are reported, and neither runs")
  func twice() throws {
    try withFolder(["a.yaml": "name: x\n" + noop, "b.yaml": "name: x\n" + noop]) { folder in
      let library = WorkflowLibrary.load(folder: folder)
      let error = refusal { try library.get("x") }
      #expect(error?.causes.first?.hint == "\(folder)/a.yaml has the same name")
    }
  }

  @Test("an unknown name is refused with the nearest one")
  func unknown() {
    let library = WorkflowLibrary.load(folder: nil)
    let error = refusal { try library.get("ingset") }
    #expect(error?.code == "WORKFLOW_NOT_FOUND")
    #expect(error?.category == .notFound)
    #expect(error?.hint == "Did you mean ingest?")
  }

  @Test("a missing folder is a mistake only if the user named it")
  func missingFolder() {
    #expect(WorkflowLibrary.load(folder: "/nonexistent/w").broken == [])
    let library = WorkflowLibrary.load(folder: "/nonexistent/w", isRequired: true)
    #expect(library.broken.flatMap(\.diagnostics).map(\.message) == ["it does not exist"])
    #expect(library.entries.count == 4)
  }

  @Test("a single file is checked on its own")
  func check() throws {
    try withFolder(["a.yaml": "name: ingest\n" + noop, "b.yaml": "nam: x\n", "pipe": ""]) { folder in
      let entry = try WorkflowLibrary.check(file: folder + "/a.yaml")
      #expect(entry.definition.name == "ingest")
      let error = refusal { try WorkflowLibrary.check(file: folder + "/b.yaml") }
      #expect(error?.causes.count == 3)
      for path in [folder, folder + "/none.yaml"] {
        let error = refusal { try WorkflowLibrary.check(file: path) }
        #expect(error?.code == "WORKFLOW_INVALID")
      }
    }
  }
}
