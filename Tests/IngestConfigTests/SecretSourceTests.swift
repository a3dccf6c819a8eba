import FoundationEssentials
import IngestConfig
import IngestCore
import Testing

@Suite("Reading secrets")
struct SecretSourceTests {
  @Test("a variable or a file gives its key without surrounding space")
  func reads() throws {
    let path = FileManager.default.temporaryDirectory.path + "/secret-\(UUID().uuidString)"
    try "  sk-1\n".write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try SecretSource.file(path).read(environment: [:])
    let variable = try SecretSource.environment("K").read(environment: ["K": "sk-2\r\n"])
    #expect(file.reveal() == "sk-1")
    #expect(variable.reveal() == "sk-2")
  }

  @Test(
    "a source without a key is reported without repeating its content",
    arguments: [
      ("", "is empty"), (" \n", "is empty"), ("hunter2\nX-Evil: 1", "does not contain"),
      ("hunter2 é", "does not contain"),
    ])
  func refuses(_ text: String, _ message: String) {
    let failure = refusal { try SecretSource.environment("K").read(environment: ["K": text]) }
    #expect(failure?.code == "SECRET_MISSING")
    #expect(failure?.message.contains(message) == true)
    #expect(failure?.message.contains("hunter2") == false)
  }

  @Test("an unset variable and a missing file are reported")
  func missing() {
    #expect(
      refusal { try SecretSource.environment("K").read(environment: [:]) }?.message.contains("is not set") == true)
    #expect(refusal { try SecretSource.file("/nonexistent/k").read(environment: [:]) }?.code == "SECRET_MISSING")
  }
}
