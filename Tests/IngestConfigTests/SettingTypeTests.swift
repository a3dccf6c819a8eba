import IngestConfig
import IngestCore
import Testing

@Suite("Typed settings")
struct SettingTypeTests {
  private func read(_ type: SettingType, _ text: String) -> String {
    do throws(SettingMismatch) {
      return try type.read(
        YAMLNode(origin: .builtIn, content: .scalar(.init(text, plain: true)))
      ).description
    } catch {
      return error.hint.isEmpty ? error.message : "\(error.message) (\(error.hint))"
    }
  }

  @Test(
    "a value within its type and bounds is accepted",
    arguments: [
      (.bool, "true", "true"), (.integer(1...100), "100", "100"), (.integer(1...100), "0x10", "16"),
      (.number(1...10), "2", "2"), (.number(1...10), "1.5", "1.5"), (.text(maximum: 5), "yes", "yes"),
      (.choice(["full", "none"]), "none", "none"), (.duration(.seconds(1) ... .seconds(60)), "1m", "1m"),
      (.size(ByteSize(bytes: 0)...ByteSize(bytes: 4096)), "4KiB", "4KiB"),
      (.size(ByteSize(bytes: 0)...ByteSize(bytes: 4096)), "4096", "4KiB"), (.name, "my-index-2", "my-index-2"),
      (.address, "http://localhost:11434/v1", "http://localhost:11434/v1"),
      (.variable, "OPENAI_API_KEY", "OPENAI_API_KEY"),
      (.path, "a folder/é", "a folder/é"),
    ] as [(SettingType, String, String)])
  func takes(_ type: SettingType, _ text: String, _ value: String) { #expect(read(type, text) == value) }

  @Test(
    "any other value is refused with what was expected",
    arguments: [
      (.bool, "yes", "expected true or false, found the text \"yes\" (write true)"),
      (.bool, "1", "expected true or false, found the number 1 (write true)"),
      (.integer(1...100), "101", "expected a whole number from 1 to 100, found the number 101"),
      (.integer(1...100), "1.5", "expected a whole number from 1 to 100, found the number 1.5"),
      (
        .integer(1...100), "99999999999999999999999",
        "expected a whole number from 1 to 100, found the number 99999999999999999999999"
      ),
      (.integer(1...100), "many", "expected a whole number from 1 to 100, found the text \"many\""),
      (.number(1...10), ".nan", "expected a number from 1 to 10, found the number .nan"),
      (.number(1...10), ".inf", "expected a number from 1 to 10, found the number .inf"),
      (
        .text(maximum: 5), "12", "expected text of at most 5 characters, found the number 12 (put it in quotes: \"12\")"
      ),
      (.text(maximum: 5), "sixsix", "expected text of at most 5 characters, found 6 characters"),
      (.choice(["full", "none"]), "ful", "expected full or none, found the text \"ful\" (did you mean full?)"),
      (
        .duration(.seconds(1) ... .seconds(60)), "10",
        "expected a duration such as 500ms, 10s or 1h30m, from 1s to 1m, found the number 10 (a unit is missing: write 10s for seconds)"
      ),
      (
        .duration(.seconds(1) ... .seconds(60)), "1h",
        "expected a duration such as 500ms, 10s or 1h30m, from 1s to 1m, found 1h"
      ),
      (.name, "My_Index", "expected a name of 1 to 64 characters out of a-z, 0-9 and -, found the text \"My_Index\""),
      (
        .address, "localhost:80",
        "expected an address such as https://host:port/path, without a password, found the text \"localhost:80\""
      ),
      (.path, "", "expected a path, found nothing"),
    ] as [(SettingType, String, String)])
  func refuses(_ type: SettingType, _ text: String, _ message: String) { #expect(read(type, text) == message) }

  @Test("a refusal does not repeat a value that may be a secret")
  func secrets() {
    #expect(!read(.address, "https://me:hunter2@host/v1").contains("hunter2"))
    #expect(!read(.variable, "sk-hunter2").contains("hunter2"))
  }

  @Test("a text from the environment may look like a number, and numbers are still checked")
  func untyped() throws {
    #expect(try SettingType.text(maximum: 9).read(untyped: "12") == .text("12"))
    #expect(try SettingType.integer(1...9).read(untyped: "7") == .integer(7))
    #expect(throws: SettingMismatch.self) { try SettingType.integer(1...9).read(untyped: "") }
  }

  @Test("a list or a mapping is refused as the value of a setting")
  func shapes() {
    let list = YAMLNode(origin: .builtIn, content: .sequence([]))
    #expect(throws: SettingMismatch(message: "expected true or false, found a list", hint: "")) {
      try SettingType.bool.read(list)
    }
  }
}
