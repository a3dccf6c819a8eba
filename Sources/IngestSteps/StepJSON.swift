import FoundationEssentials
import IngestCore

/// The JSON of tasks, results and cursors.
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
        hint: "The workflow does not fit this kind of job; see \(Action(.workflowValidate)).")
    }
  }
}

extension StepInput {
  func documentTask() throws -> DocumentTask { try StepJSON.decode(DocumentTask.self, task, what: "task") }
  func generationTask() throws -> GenerationTask { try StepJSON.decode(GenerationTask.self, task, what: "task") }

  /// The result of the step of this kind before this one.
  func result<T: Decodable>(_ type: T.Type, of kind: String) throws -> T {
    guard let text = results[kind] else {
      throw Failure(
        .permanent, code: "STEP_INPUT", "No '\(kind)' step came before this one.",
        hint: "Put one before it in the workflow.")
    }
    return try StepJSON.decode(type, text, what: "result of '\(kind)'")
  }
}
