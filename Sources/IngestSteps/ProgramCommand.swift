private import Glibc
package import IngestCore

/// What an `exec` step runs, with which limits.
package struct ProgramCommand {
  package let program: String
  private let arguments: [String]
  /// Nil for an empty one of its own.
  let folder: String?
  private let variables: [String: String]
  private let memory: Int?
  private let processorTime: Duration?
  private let kinds: [Int32: Failure.Kind]

  /// Variables of the worker's that every program is given, because few work without.
  private static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"]

  /// - Parameter environment: the worker's.
  package init(_ input: StepInput, environment: [String: String]) throws {
    let command = input.texts("command")
    program = try input.required("command", command.first)
    arguments = Array(command.dropFirst())
    folder = input.text("cwd")
    memory = input.integer("memory")
    processorTime = input.duration("cpu")
    var variables = environment.filter { Self.inherited.contains($0.key) }
    variables["PATH"] = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    for name in input.texts("pass-env") {
      guard let value = environment[name] else {
        throw Failure(
          .permanent, code: "EXEC_VARIABLE_MISSING", "The worker has no variable \(name), which the step passes on.",
          hint: "Start the worker with it, then redrive.")
      }
      variables[name] = value
    }
    variables.merge(input.textMap("env")) { _, given in given }
    self.variables = variables
    var kinds = Self.standardKinds
    if case .map(let given)? = input.with["exit"] {
      for (name, statuses) in given {
        guard let kind = Failure.Kind(rawValue: name), case .list(let statuses) = statuses else { continue }
        for case .integer(let status) in statuses { kinds[Int32(clamping: status)] = kind }
      }
    }
    self.kinds = kinds
  }

  /// Of BSD's sysexits those that another try cannot mend, and what shells say of programs that they cannot run.
  private static let standardKinds: [Int32: Failure.Kind] = Dictionary(
    uniqueKeysWithValues: [64, 65, 66, 67, 72, 76, 77, 78, 126, 127].map { ($0, .permanent) })

  /// What an exit status other than 0 means; unknown ones are transient, since a try more costs little and a lost document
  /// much.
  func kind(_ status: Int32) -> Failure.Kind { kinds[status] ?? .transient }

  func environment(with more: [String: String]) -> [String] {
    variables.merging(more) { _, ours in ours }.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// The file to start and its arguments: the program itself, or a shell that lowers its limits and becomes it.
  func start(in folder: String) throws -> (program: String, arguments: [String]) {
    let path = try resolve(in: folder)
    guard memory != nil || processorTime != nil else { return (path, arguments) }
    var script = ""
    if let memory { script += "ulimit -d \(max(1, memory / 1024)); " }
    if let processorTime {
      // With both at once the kernel would kill without saying why.
      let seconds = max(1, processorTime.components.seconds)
      script += "ulimit -H -t \(seconds + 2); ulimit -S -t \(seconds); "
    }
    return ("/bin/sh", ["-c", script + "exec \"$@\"", program, path] + arguments)
  }

  /// As a shell finds programs.
  private func resolve(in folder: String) throws -> String {
    if program.contains("/") {
      let path = program.hasPrefix("/") ? program : "\(folder)/\(program)"
      guard Self.isProgram(path) else { throw Self.notFound(program, "no file that may be run is at \(path)") }
      return path
    }
    let places = (variables["PATH"] ?? "").split(separator: ":")
    guard let path = places.map({ "\($0)/\(program)" }).first(where: Self.isProgram) else {
      throw Self.notFound(program, "it is in none of the folders of PATH")
    }
    return path
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  static func notFound(_ program: String, _ why: String) -> Failure {
    Failure(
      .permanent, code: "EXEC_NOT_FOUND", "The program \(program) cannot be run: \(why).",
      hint: "Install it where the worker runs, or mend `command`; then \(Action(.deadRedrive)).")
  }
}
