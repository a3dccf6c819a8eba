import CSystem
import Glibc
import IngestParserWire

/// Runs the program: `--version`, the sandbox's self-test, or serving documents over descriptor 0.
func runParser(arguments: [String]) -> Never {
  switch arguments.dropFirst().first {
  case "--version":
    print("ingestd-parse \(ProgramVersion.text)")
    exit(0)
  case "--self-test-sandbox":
    exit(SandboxProbe.run() ? 0 : 1)
  case nil:
    serve()
  default:
    printError(
      "ingestd-parse is started by ingestd and reads documents from a socket.\n"
        + "usage: ingestd-parse [--version | --self-test-sandbox]")
    exit(2)
  }
}

/// It lives as long as the process, and a leak checker finds it here. There is never another thread.
nonisolated(unsafe) private let warmup = Warmup()

/// Activates the sandbox, sends the hello, and serves until the other end closes.
private func serve() -> Never {
  // If ingestd ends without closing its socket, the kernel kills this process.
  _ = ingestd_set_parent_death_signal(SIGKILL)
  guard getppid() > 1 || getpid() == 1 else { exit(0) }
  OutOfMemory.install()
  _ = warmup
  do {
    try Sandbox.close()
    var session = Session(socket: 0)
    try session.run()
  } catch {
    printError("ingestd-parse: \(error)")
    exit(70)
  }
}

private func printError(_ message: String) {
  let bytes = Array((message + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
