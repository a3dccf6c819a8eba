import Foundation
import IngestCore
import IngestIntake
import IngestTestKit
import Testing

@Suite("Choosing files")
struct SelectionTests {
  /// Returns one word for each item: the uri of a file, or its outcome with its path below the folder.
  private func select(
    _ arguments: [String], _ options: SelectionOptions = SelectionOptions(), in folder: TemporaryFolder
  ) throws -> [String] {
    try FileSelection(arguments, options).map { item in
      func below(_ path: FilePath) -> String {
        path.description.hasPrefix(folder.path + "/")
          ? String(path.description.dropFirst(folder.path.count + 1)) : "\(path)"
      }
      switch item {
      case .file(let file):
        return file.uri.hasPrefix(folder.path + "/") ? String(file.uri.dropFirst(folder.path.count + 1)) : file.uri
      case .standardInput(let uri): return "stdin \(uri)"
      case .skipped(let path, let reason): return "\(reason.rawValue) \(below(path))"
      case .refused(let path, let error): return "\(error.failure.code) \(below(path))"
      }
    }
  }

  private func folder(_ files: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for file in files { try folder.write(file, to: file) }
    return folder
  }

  @Test("a folder is walked in the order of names, and hidden files and folders are skipped")
  func walk() throws {
    let folder = try folder(["b.txt", "a/2.txt", "a/1.txt", ".git/config", ".env", "a/.x"])
    #expect(
      try select([folder.path], in: folder) == [
        "hidden .env", "hidden .git", "hidden a/.x", "a/1.txt", "a/2.txt", "b.txt",
      ])
  }

  @Test("a hidden folder or file that is given by name is selected")
  func named() throws {
    let folder = try folder([".hidden/x.txt", ".env"])
    #expect(try select([folder.file(".hidden"), folder.file(".env")], in: folder) == [".hidden/x.txt", ".env"])
    let items = try FileSelection([folder.file(".env"), folder.file(".hidden")]).compactMap { item in
      if case .file(let file) = item { file.isNamed } else { nil }
    }
    #expect(items == [true, false])
  }

  @Test("names may have spaces, emoji and newlines; a name that is not UTF-8 is refused")
  func names() throws {
    let folder = try folder(["with space.txt", "📄 größe.txt", "two\nlines.txt"])
    let strange = folder.path.utf8.map { CChar(bitPattern: $0) } + [47, 98, -1, 46, 116, 0]
    close(open(strange, O_CREAT | O_WRONLY, 0o600))
    #expect(
      try select([folder.path], in: folder)
        == [
          "NAME_NOT_UTF8 b\\xff.t",
          "two\nlines.txt", "with space.txt", "📄 größe.txt",
        ])
  }

  @Test("include and exclude select within folders")
  func patterns() throws {
    let folder = try folder(["a.md", "b.pdf", "drafts/c.md", "x/drafts/d.md", "x/e.md"])
    func files(_ include: [String], _ exclude: [String]) throws -> [String] {
      try select([folder.path], SelectionOptions(include: include, exclude: exclude), in: folder).filter {
        !$0.hasPrefix("excluded")
      }
    }
    #expect(try files(["*.md"], []) == ["a.md", "drafts/c.md", "x/drafts/d.md", "x/e.md"])
    #expect(try files([], ["drafts"]) == ["a.md", "b.pdf", "x/e.md"])
    #expect(try files(["**/*.md"], ["**/drafts/**"]) == ["a.md", "x/e.md"])
    #expect(try files(["x/*.md"], []) == ["x/e.md"])
  }

  @Test("globs are expanded, skip hidden files, and report if nothing matches")
  func globs() throws {
    let folder = try folder(["a.md", "b.txt", ".c.md", "x/d.md", "x/y/e.md", ".h/f.md"])
    #expect(try select([folder.file("*.md")], in: folder) == ["hidden .c.md", "a.md"])
    #expect(
      try select([folder.file("**/*.md")], in: folder) == ["hidden .c.md", "hidden .h", "a.md", "x/d.md", "x/y/e.md"])
    #expect(try select([folder.file("x/*")], in: folder) == ["x/d.md", "x/y/e.md"])
    #expect(try select([folder.file(".h/*.md")], in: folder) == [".h/f.md"])
    #expect(try select([folder.file("*.pdf")], in: folder) == ["NO_MATCH *.pdf"])
    #expect(try select([folder.file("nowhere/*.pdf")], in: folder) == ["NO_MATCH nowhere/*.pdf"])
  }

  @Test("an existing file whose name looks like a glob is selected")
  func literalGlob() throws {
    let folder = try folder(["a[1].md", "a1.md"])
    #expect(try select([folder.file("a[1].md")], in: folder) == ["a[1].md"])
  }

  @Test("links are followed once, cycles end, and broken links are refused by name")
  func links() throws {
    let folder = try folder(["a/1.txt"])
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.file("a/up"), withDestinationPath: "..")
    try manager.createSymbolicLink(atPath: folder.file("b"), withDestinationPath: "a")
    try manager.createSymbolicLink(atPath: folder.file("c.txt"), withDestinationPath: "a/1.txt")
    try manager.createSymbolicLink(atPath: folder.file("d.txt"), withDestinationPath: "gone")
    try manager.createSymbolicLink(atPath: folder.file("e"), withDestinationPath: "e")
    #expect(
      try select([folder.path], in: folder)
        == ["a/1.txt", "loop a/up", "loop b", "a/1.txt", "LINK_BROKEN d.txt", "loop e"])
  }

  @Test("missing, special and too long files are refused by name, and the others are selected")
  func refusals() throws {
    let folder = try folder(["a.txt"])
    mkfifo(folder.file("pipe"), 0o600)
    let long = folder.path + String(repeating: "/" + String(repeating: "x", count: 99), count: 100)
    let items = try select(
      [
        folder.file("none"), folder.file("pipe"), long, folder.file("a.txt/b"),
        folder.file("a.txt"),
      ], in: folder)
    #expect(
      items.map { String($0.split(separator: " ")[0]) }
        == ["FILE_NOT_FOUND", "NOT_A_FILE", "PATH_TOO_LONG", "FILE_NOT_FOUND", "a.txt"])
    let failure = SelectionError.pathTooLong(path: FilePath(long)).failure
    #expect(failure.message.count < 400)
    #expect(try select([folder.path], in: folder).contains("special pipe"))
  }

  @Test("an unreadable folder or file is refused by name")
  func unreadable() async {
    // In its own process, which gives up root's right to read everything.
    await #expect(processExitsWith: .success) {
      let tests = SelectionTests()
      let folder = try tests.folder(["a.txt", "locked/x.txt", "secret.txt"])
      chmod(folder.path, 0o755)
      chmod(folder.file("locked"), 0)
      chmod(folder.file("secret.txt"), 0)
      let isRoot = geteuid() == 0
      if isRoot { try #require(seteuid(65534) == 0) }
      let items = try tests.select([folder.path], in: folder)
      if isRoot { seteuid(0) }
      chmod(folder.file("locked"), 0o700)
      try #require(items == ["a.txt", "FOLDER_UNREADABLE locked", "FILE_UNREADABLE secret.txt"])
    }
  }

  @Test("a folder without documents is refused")
  func empty() throws {
    let folder = try folder(["x/.hidden"])
    #expect(try select([folder.path], in: folder) == ["hidden x/.hidden", "NO_DOCUMENTS \(folder.path)"])
  }

  @Test("uris are relative to --root with links resolved, and nothing outside it is selected")
  func roots() throws {
    let folder = try folder(["root/a.txt", "outside.txt"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("root/link.txt"), withDestinationPath: "../outside.txt")
    let options = SelectionOptions(root: folder.file("root"))
    #expect(
      try select([folder.file("root"), folder.file("outside.txt")], options, in: folder)
        == ["a.txt", "OUTSIDE_ROOT root/link.txt", "OUTSIDE_ROOT outside.txt"])
    #expect(throws: SelectionError.self) { try FileSelection(["x"], SelectionOptions(root: folder.file("none"))) }
  }

  @Test("--uri names exactly one document, and standard input requires it")
  func uris() throws {
    let folder = try folder(["a.txt", "b.txt"])
    let options = SelectionOptions(uri: "doc:1")
    #expect(try select(["-"], options, in: folder) == ["stdin doc:1"])
    #expect(try select([folder.file("a.txt")], options, in: folder) == ["doc:1"])
    #expect(try select([folder.path], options, in: folder) == ["URI_FOR_MANY \(folder.path)"])
    #expect(throws: SelectionError.uriForMany) { try FileSelection(["a", "b"], options) }
    #expect(throws: SelectionError.inputNeedsURI) { try FileSelection(["-"]) }
    #expect(throws: SelectionError.url("https://x.org/a")) { try FileSelection(["https://x.org/a"]) }
  }

  @Test("a document is found by the path that it was submitted from, even if the file is gone")
  func candidates() throws {
    let folder = try folder(["a.txt"])
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: ".")
    #expect(DocumentURI.candidates(folder.file("link/a.txt")) == [folder.file("link/a.txt"), folder.file("a.txt")])
    #expect(
      DocumentURI.candidates(folder.file("link/gone.txt")) == [folder.file("link/gone.txt"), folder.file("gone.txt")])
    #expect(DocumentURI.candidates("https://x.org/a") == ["https://x.org/a"])
    #expect(DocumentURI.candidates(folder.file("a.txt"), root: folder.path) == [folder.file("a.txt"), "a.txt"])
  }

  @Test("two thousand files are returned one at a time, in order")
  func many() throws {
    let folder = try TemporaryFolder()
    for number in 0..<2000 {
      close(open(folder.file("f\(10_000 + number)"), O_CREAT | O_WRONLY, 0o600))
    }
    var last = ""
    var count = 0
    for item in try FileSelection([folder.path]) {
      guard case .file(let file) = item else { continue }
      #expect(file.uri > last)
      last = file.uri
      count += 1
    }
    #expect(count == 2000)
  }
}
