/// An action that a person can request, with its parameters. Each front door renders it in its own way: the command
/// line as `ingestd index verify docs --repair`, HTTP as a method and a path.
package struct Action: Hashable, Sendable {
  /// All actions, by their names on the command line.
  package enum Name: String, Codable, Sendable, CaseIterable {
    case breakerList = "breaker list"
    case breakerReset = "breaker reset"
    case config
    case deadList = "dead list"
    case deadPurge = "dead purge"
    case deadQuarantine = "dead quarantine"
    case deadRedrive = "dead redrive"
    case deadShow = "dead show"
    case delete
    case doctor
    case documentChunks = "document chunks"
    case documentList = "document list"
    case documentShow = "document show"
    case indexBuild = "index build"
    case indexCreate = "index create"
    case indexGc = "index gc"
    case indexHistory = "index history"
    case indexShow = "index show"
    case indexVerify = "index verify"
    case jobApprove = "job approve"
    case jobList = "job list"
    case jobLogs = "job logs"
    case jobReplay = "job replay"
    case jobRetry = "job retry"
    case jobShow = "job show"
    case jobSignal = "job signal"
    case jobWait = "job wait"
    case migrate
    case parse
    case scheduleAdd = "schedule add"
    case scheduleList = "schedule list"
    case schedulePause = "schedule pause"
    case scheduleRemove = "schedule remove"
    case search
    case sourceList = "source list"
    case sourceResume = "source resume"
    case sourceSet = "source set"
    case status
    case submit
    case worker
    case workflowList = "workflow list"
    case workflowResume = "workflow resume"
    case workflowValidate = "workflow validate"
  }

  /// A named parameter. A nil value makes it a flag, which takes no value.
  package struct Option: Hashable, Sendable, Codable {
    package var name: String
    package var value: String?
  }

  package var name: Name
  /// The objects of the action, such as an index or a job. A placeholder in capitals, such as `JOB`, stands for any.
  package var subjects: [String]
  package var options: [Option]

  package init(_ name: Name, _ subjects: String..., with options: KeyValuePairs<String, String?> = [:]) {
    self.name = name
    self.subjects = subjects
    self.options = options.map { Option(name: $0.key, value: $0.value) }
  }

  /// Returns the same action with one more option.
  package func adding(_ option: String, _ value: String? = nil) -> Action {
    var action = self
    action.options.append(Option(name: option, value: value))
    return action
  }
}

extension Action.Option: CustomStringConvertible {
  /// The bare name and the value, such as `overlap allow`.
  package var description: String { name + (value.map { " " + $0 } ?? "") }
}

extension CodingUserInfoKey {
  /// The key under which a front door's encoder holds its ``Action/Rendering``.
  package static let actionRendering = CodingUserInfoKey(rawValue: "action-rendering")
}

/// A front door's encoder writes an action as one text. Any other encoder, such as the store's, keeps its parts.
extension Action: Codable {
  /// How a front door words actions and their options.
  package struct Rendering: Sendable {
    package var action: @Sendable (Action) -> String
    package var option: @Sendable (Option) -> String

    package init(
      _ action: @escaping @Sendable (Action) -> String,
      option: @escaping @Sendable (Option) -> String = { $0.description }
    ) {
      self.action = action
      self.option = option
    }
  }

  private enum Key: String, CodingKey {
    case name = "action"
    case subjects, options
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.decode(Name.self, forKey: .name)
    subjects = try values.decodeIfPresent([String].self, forKey: .subjects) ?? []
    options = try values.decodeIfPresent([Option].self, forKey: .options) ?? []
  }

  package func encode(to encoder: any Encoder) throws {
    if let rendering = Self.rendering(of: encoder) {
      var container = encoder.singleValueContainer()
      return try container.encode(rendering.action(self))
    }
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(name, forKey: .name)
    if !subjects.isEmpty { try values.encode(subjects, forKey: .subjects) }
    if !options.isEmpty { try values.encode(options, forKey: .options) }
  }

  static func rendering(of encoder: any Encoder) -> Rendering? {
    CodingUserInfoKey.actionRendering.flatMap { encoder.userInfo[$0] as? Rendering }
  }
}
