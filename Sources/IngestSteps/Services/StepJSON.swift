import FoundationEssentials
import IngestCore

/// The JSON encoding of tasks, results and cursors.
enum StepJSON {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<T: Decodable>(_ type: T.Type = T.self, _ text: String, what: String) throws -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw Failure(
        .permanent, code: "STEP_INPUT", "The \(what) of the job cannot be read: \(error).",
        hint: "The workflow may not fit this kind of job; check it with \(Action(.workflowValidate)).")
    }
  }
}

extension StepInput {
  func documentTask() throws -> DocumentTask { try StepJSON.decode(DocumentTask.self, task, what: "task") }
  func generationTask() throws -> GenerationTask { try StepJSON.decode(GenerationTask.self, task, what: "task") }

  /// Returns the result of the last previous step of this kind.
  func result<T: Decodable>(_ type: T.Type, of kind: String) throws -> T {
    guard let text = results[kind] else {
      throw Failure(
        .permanent, code: "STEP_INPUT", "No '\(kind)' step ran before this step.",
        hint: "Add a '\(kind)' step before it in the workflow.")
    }
    return try StepJSON.decode(type, text, what: "result of '\(kind)'")
  }
}
