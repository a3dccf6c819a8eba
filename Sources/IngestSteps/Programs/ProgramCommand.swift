private import Glibc
package import IngestCore

/// The command of an `exec` step and its limits.
package struct ProgramCommand {
  package let program: String
  private let arguments: [String]
  /// Nil means a new empty folder.
  let folder: String?
  private let variables: [String: String]
  private let memory: Int?
  private let processorTime: Duration?
  private let kinds: [Int32: Failure.Kind]

  /// The worker's variables that every program inherits, because few programs work without them.
  private static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"]

  /// - Parameter environment: the worker's environment.
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
          .permanent, code: "EXEC_VARIABLE_MISSING",
          "The worker has no environment variable \(name), which the step needs.",
          hint: "Start the worker with the variable, then redrive the job.")
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

  /// The statuses of BSD's `sysexits.h` that another try cannot fix, and those of shells that cannot run a program
  /// (126, 127).
  private static let standardKinds: [Int32: Failure.Kind] = Dictionary(
    uniqueKeysWithValues: [64, 65, 66, 67, 72, 76, 77, 78, 126, 127].map { ($0, .permanent) })

  /// Returns the kind of failure for an exit status other than 0. Unknown statuses are transient: one more try costs
  /// little, a lost document costs much.
  func kind(_ status: Int32) -> Failure.Kind { kinds[status] ?? .transient }

  func environment(with more: [String: String]) -> [String] {
    variables.merging(more) { _, ours in ours }.map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// Returns the file to start and its arguments: the program itself, or a shell that lowers its limits and then
  /// executes the program.
  func start(in folder: String) throws -> (program: String, arguments: [String]) {
    let path = try resolve(in: folder)
    guard memory != nil || processorTime != nil else { return (path, arguments) }
    var script = ""
    if let memory { script += "ulimit -d \(max(1, memory / 1024)); " }
    if let processorTime {
      // If both limits were equal, the kernel would send SIGKILL and the cause would be unknown.
      let seconds = max(1, processorTime.components.seconds)
      script += "ulimit -H -t \(seconds + 2); ulimit -S -t \(seconds); "
    }
    return ("/bin/sh", ["-c", script + "exec \"$@\"", program, path] + arguments)
  }

  /// Returns the program's path, found as a shell would find it.
  private func resolve(in folder: String) throws -> String {
    if program.contains("/") {
      let path = program.hasPrefix("/") ? program : "\(folder)/\(program)"
      guard Self.isProgram(path) else { throw Self.notFound(program, "there is no executable file at \(path)") }
      return path
    }
    let places = (variables["PATH"] ?? "").split(separator: ":")
    guard let path = places.map({ "\($0)/\(program)" }).first(where: Self.isProgram) else {
      throw Self.notFound(program, "it is in no folder of PATH")
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
      hint: "Install it on the worker's machine or fix `command`, then run \(Action(.deadRedrive)).")
  }
}
