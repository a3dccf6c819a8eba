import Foundation
import Glibc
import IngestCore
import IngestProcess
import Testing

@Suite("Users' own programs", .timeLimit(.minutes(15)))
struct ExecStepTests {
  @Test("a program in Python receives the whole input, and its output is the result")
  func python() async throws {
    let script = """
      import json, os, sys, hashlib
      given = json.load(sys.stdin)
      content = open(given["content"]["path"], "rb").read()
      again = json.load(open(os.environ["INGESTD_INPUT"]))
      print("reading", given["task"]["uri"], file=sys.stderr)
      json.dump({
        "uri": given["task"]["uri"], "pages": given["results"]["parse"]["pages"], "content": content.decode(),
        "sound": hashlib.sha256(content).hexdigest() == given["content"]["sha256"], "size": given["content"]["size"],
        "same": given == again, "key": given["idempotency_key"], "env": os.environ["INGESTD_IDEMPOTENCY_KEY"],
        "attempt": given["attempt"], "step": given["step"], "cursor": given["cursor"], "meta": given["meta"],
        "folder": os.listdir("."), "fds": sorted(int(f) for f in os.listdir("/proc/self/fd"))[:6],
      }, sys.stdout, indent=2)
      """
    let run = try await OwnStepRun()
    let result = try await run.run(
      "exec", ["command": .list([.text("python3"), .text("-c"), .text(script)])], results: ["parse": #"{"pages":3}"#],
      attempt: 2)
    #expect(result["uri"] == .text("/srv/a.txt"))
    #expect(result["pages"] == .integer(3))
    #expect(result["content"] == .text("the content"))
    #expect(result["sound"] == .bool(true))
    #expect(result["size"] == .integer(11))
    #expect(result["same"] == .bool(true))
    #expect(result["attempt"] == .integer(2))
    #expect(result["step"] == .text("mine"))
    #expect(result["cursor"] == .null)
    #expect(result["meta"] == .object([:]))
    #expect(result["key"] == .text("\(run.job.lease.job):mine"))
    #expect(result["env"] == result["key"])
    #expect(result["folder"] == .list([]))
    #expect(run.log == ["reading /srv/a.txt"])
  }

  @Test("a large document is read from its file, and can be standard input itself")
  func content() async throws {
    let text = String(repeating: "0123456789abcdef", count: 20_000)
    let run = try await OwnStepRun(text)
    let result = try await run.exec(
      "sh", "-c", #"echo "{\"in\":$(wc -c),\"path\":$(wc -c <"$INGESTD_CONTENT")}""#, with: ["stdin": .text("content")])
    #expect(result == .object(["in": .integer(320_000), "path": .integer(320_000)]))
  }

  @Test("a program gets the worker's variables only if the workflow allows them")
  func variables() async throws {
    let run = try await OwnStepRun(environment: [
      "PATH": "/usr/bin:/bin", "API_KEY": "hunter2", "OTHER": "secret", "LANG": "C.UTF-8",
    ])
    let result = try await run.exec(
      "sh", "-c", #"echo "{\"key\":\"$API_KEY\",\"other\":\"$OTHER\",\"own\":\"$OWN\",\"lang\":\"$LANG\"}""#,
      with: ["pass-env": .list([.text("API_KEY")]), "env": .map(["OWN": .text("mine"), "LANG": .text("C")])])
    #expect(
      result
        == .object(["key": .text("hunter2"), "other": .text(""), "own": .text("mine"), "lang": .text("C")]))
    let failure = try await run.failure("true", with: ["pass-env": .list([.text("MISSING")])])
    #expect(failure.code == "EXEC_VARIABLE_MISSING")
    #expect(failure.kind == .permanent)
  }

  @Test(
    "the exit status decides the kind of failure",
    arguments: [
      (75, Failure.Kind.transient), (1, .transient), (2, .transient), (70, .transient), (69, .transient),
      (255, .transient),
      (64, .permanent), (65, .permanent), (66, .permanent), (77, .permanent), (78, .permanent), (126, .permanent),
      (127, .permanent),
    ])
  func statuses(_ status: Int, _ kind: Failure.Kind) async throws {
    let run = try await OwnStepRun()
    let failure = try await run.failure("echo why >&2; exit \(status)")
    #expect(failure.kind == kind)
    #expect(failure.code == "EXEC_FAILED")
    #expect(failure.message == "sh ended with status \(status); last line of its log: why.")
  }

  @Test("a workflow may change the meaning of exit statuses, and a program may print its own error")
  func ownError() async throws {
    let run = try await OwnStepRun()
    let exit: [String: Setting] = [
      "exit": .map(["throttled": .list([.integer(9)]), "exhausted": .list([.integer(64)])])
    ]
    #expect(try await run.failure("exit 9", with: exit).kind == .throttled)
    #expect(try await run.failure("exit 64", with: exit).kind == .exhausted)
    let ownError = try await run.failure(
      #"echo '{"error":{"kind":"throttled","code":"SLOW_DOWN","message":"Not now.","hint":"Wait.","retry_after_ms":2500}}'; exit 65"#
    )
    #expect(
      ownError.kind == .throttled && ownError.code == "SLOW_DOWN" && ownError.message == "Not now."
        && ownError.hint == "Wait.")
    #expect(ownError.retryAfter == .milliseconds(2500))
    let strange = try await run.failure(
      #"echo '{"error":{"kind":"poison","code":"drop table","message":"","retry_after_ms":-1}}'; exit 65"#)
    #expect(strange.kind == .permanent && strange.code == "EXEC_FAILED" && strange.retryAfter == nil)
  }

  @Test(
    "output that is not a result is reported clearly",
    arguments: [
      ("echo hello", "EXEC_OUTPUT_INVALID", "begins \"hello \""),
      ("echo '[1]'", "EXEC_OUTPUT_INVALID", "begins \"[1] \""),
      ("echo '{}{}'", "EXEC_OUTPUT_INVALID", "is not a JSON object"),
      ("printf '\\377\\000'", "EXEC_OUTPUT_INVALID", "is not a JSON"),
      ("printf '{\"a\":\"'; head -c 9000 /dev/zero | tr '\\0' x; printf '\"}'", "EXEC_RESULT_TOO_LARGE", "9008 bytes"),
      ("head -c 2000000000 /dev/zero", "EXEC_OUTPUT_TOO_LONG", "more than 65536 bytes"),
      ("yes", "EXEC_OUTPUT_TOO_LONG", "begin \"y y "),
    ])
  func garbage(_ script: String, _ code: String, _ message: String) async throws {
    let run = try await OwnStepRun()
    let failure = try await run.failure(script)
    #expect(failure.kind == .permanent)
    #expect(failure.code == code)
    #expect(failure.message.contains(message), "\(failure.message)")
  }

  @Test("empty output is an empty result")
  func nothing() async throws {
    let run = try await OwnStepRun()
    #expect(try await run.exec("true") == .object([:]))
  }

  @Test("a signal is transient, exceeding the processor time is not, and memory is bounded")
  func limits() async throws {
    let run = try await OwnStepRun()
    let killed = try await run.failure("kill -9 $$")
    #expect(killed.code == "EXEC_SIGNALLED" && killed.kind == .transient)
    let busy = try await run.failure("while :; do :; done", with: ["cpu": .text("1s")])
    #expect(busy.code == "EXEC_CPU_LIMIT" && busy.kind == .permanent)
    let greedy = try await run.failure(
      "exec python3 -c 'bytearray(300 << 20)'", with: ["memory": .integer(64 << 20)])
    #expect(greedy.message.contains("MemoryError"), "\(greedy.message)")
    let modest = try await run.exec("python3", "-c", "print('{}')", with: ["memory": .integer(64 << 20)])
    #expect(modest == .object([:]))
  }

  /// Waits for a line that a program writes into a pipe, and reads the pipe to its end: closing it earlier would end
  /// the program.
  private static func line(from pipe: String) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let file = open(pipe, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(file, &byte, 1) == 1 { bytes.append(byte) }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  @Test("a program that never ends is killed with all its children, at once on a cancel")
  func cancelled() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/exec-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/started", 0o600) == 0)
    let run = try await OwnStepRun()
    let script =
      "trap '' TERM; sleep 3600 & echo $! > \(folder)/pid; echo said >&2; echo > \(folder)/started; wait; sleep 3600"
    let task = Task { try await run.exec("sh", "-c", script) }
    // Opening the pipe waits for the program, which first writes its process id.
    #expect(await Self.line(from: folder + "/started") == "\n")
    let pid = try #require(
      Int32(String(contentsOfFile: folder + "/pid", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    task.cancel()
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
    // The program does not end by itself, and neither does its child.
    if kill(pid, 0) == 0 { _ = await ProcessWatch.end(of: pid) }
    #expect(run.log == ["said"])
  }

  @Test("what a program prints while it is ended is kept, and its own folder is removed")
  func lastWords() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/exec-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/started", 0o600) == 0)
    let run = try await OwnStepRun()
    let script =
      "trap 'echo last words >&2; exit 1' TERM; pwd > \(folder)/own; echo > \(folder)/started; sleep 3600 & wait"
    let task = Task { try await run.exec("sh", "-c", script) }
    #expect(await Self.line(from: folder + "/started") == "\n")
    task.cancel()
    _ = await task.result
    #expect(run.log == ["last words"])
    let own = try String(contentsOfFile: folder + "/own", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(own.contains("ingestd-exec-"))
    #expect(!FileManager.default.fileExists(atPath: own))
  }

  @Test("a program's messages set its progress and its cursor, which the next try receives")
  func messages() async throws {
    let run = try await OwnStepRun()
    let script = """
      echo '{"cursor":{"row":5},"progress":{"done":5,"total":9,"unit":"rows"}}' >"$INGESTD_SAVE"
      echo nonsense >&5
      cat
      """
    _ = try? await run.exec("sh", "-c", script)
    let saves = run.saves.filter { $0.cursor != nil }
    #expect(saves.map(\.cursor) == [#"{"row":5}"#])
    #expect(saves.first?.progress == StepProgress(done: 5, total: 9, unit: "rows"))
    #expect(run.log.contains("ingestd: ignored a message that is not a JSON object"))
    let again = try await run.exec(
      "python3", "-c", "import json,sys; print(json.dumps(json.load(sys.stdin)['cursor']))", cursor: #"{"row":5}"#)
    #expect(again == .object(["row": .integer(5)]))
  }

  @Test("of a flood of log lines the beginning is kept, with a note about the rest")
  func flood() async throws {
    let run = try await OwnStepRun()
    _ = try await run.exec("sh", "-c", "yes complaint | head -c 5000000 >&2; printf 'last\\r\\n\\377' >&2")
    let log = run.log
    let size = log.reduce(0) { $0 + $1.utf8.count }
    #expect(size > 50_000 && size < 70_000)
    #expect(log.first == "complaint")
    #expect(log.last?.hasSuffix("more bytes were not kept") == true)
    #expect(run.saves.allSatisfy { $0.log.count < 20_000 })
  }

  @Test("a missing program is a dead letter that says so, and so is a missing folder")
  func missing() async throws {
    let run = try await OwnStepRun()
    for command in ["no-such-program-here", "/no/such/program", "./program", "/etc"] {
      do {
        _ = try await run.exec(command)
        Issue.record("\(command) ran")
      } catch {
        #expect(Failure(error).code == "EXEC_NOT_FOUND")
        #expect(Failure(error).kind == .permanent)
      }
    }
    let lost = try await run.failure("true", with: ["cwd": .text("/no/such/folder")])
    #expect(lost.code == "EXEC_NOT_FOUND")
    let usr = try await run.exec("sh", "-c", #"echo "{\"a\":\"$(pwd)\"}""#, with: ["cwd": .text("/usr")])
    #expect(usr["a"] == .text("/usr"))
  }

  @Test("the on-failure step receives the failure of the job")
  func onFailure() async throws {
    let run = try await OwnStepRun()
    let result = try await run.run(
      "exec",
      [
        "command": .list([
          .text("python3"), .text("-c"),
          .text(
            "import json,sys; f=json.load(sys.stdin)['failure']; print(json.dumps({'code': f['code'], 'step': f['step']}))"
          ),
        ])
      ], failure: Failure(.permanent, code: "NO_TEXT", "It has no text.").during(step: "parse", attempt: 2))
    #expect(result == .object(["code": .text("NO_TEXT"), "step": .text("parse")]))
  }
}
