import Foundation
import IngestCore
import Testing

@Suite("Hints")
struct HintTests {
  private let hint: Hint =
    "Run \(Action(.indexVerify, "docs", with: ["generation": "3", "repair": nil])), then \(1 + 1)."

  @Test("a hint keeps its actions apart from its text, and joins neighbouring texts")
  func parts() {
    #expect(
      hint.parts == [
        .text("Run "), .action(Action(.indexVerify, "docs", with: ["generation": "3", "repair": nil])),
        .text(", then 2."),
      ])
    #expect(Hint("a") + "b" == "ab")
    #expect(Hint("").isEmpty && Hint(parts: [.text("")]) == "")
  }

  @Test("the caller that shows a hint renders its actions; without a rendering they are bare names")
  func rendering() {
    #expect(hint.text { "POST \($0.name.rawValue)" } == "Run `POST index verify`, then 2.")
    #expect("\(hint)" == "Run `index verify docs`, then 2.")
  }

  @Test("a hint names options as the reader would give them")
  func options() {
    let hint: Hint = "Give \(option: "for", "10m"), or leave \(option: "key") out."
    #expect(hint.actions.isEmpty)
    #expect("\(hint)" == "Give for 10m, or leave key out.")
    #expect(
      hint.text({ $0.name.rawValue }, option: { "?\($0.name)=\($0.value ?? "")" })
        == "Give ?for=10m, or leave ?key= out.")
  }

  @Test("a hint is stored with its actions and options, and decoded with them")
  func storing() throws {
    let option: Hint = "Give \(option: "for", "10m"), or leave \(option: "key") out."
    for value in [hint, "", "no action", Hint(parts: [.action(Action(.doctor))]), option] {
      let failure = Failure(.permanent, code: "X", "x", hint: value)
      #expect(try JSONDecoder().decode(Failure.self, from: JSONEncoder().encode(failure)) == failure)
    }
  }

  @Test("a hint in a row of an older version is decoded as text")
  func olderRows() throws {
    let row = #"{"kind":"permanent","code":"X","message":"x","hint":"See `ingestd doctor`."}"#
    #expect(try JSONDecoder().decode(Failure.self, from: Data(row.utf8)).hint == "See `ingestd doctor`.")
  }

  @Test("an encoder that renders actions writes a hint as one text, also in causes")
  func frontDoor() throws {
    let encoder = JSONEncoder()
    let key = try #require(CodingUserInfoKey.actionRendering)
    encoder.userInfo[key] = Action.Rendering { "do \($0.name.rawValue)" }
    let failure = Failure(
      .permanent, code: "X", "x", hint: hint, causes: [Failure(.permanent, code: "Y", "y", hint: "\(Action(.doctor))")])
    let read = try JSONDecoder().decode(Failure.self, from: encoder.encode(failure))
    #expect(read.hint == "Run `do index verify`, then 2." && read.causes.first?.hint == "`do doctor`")
  }
}
