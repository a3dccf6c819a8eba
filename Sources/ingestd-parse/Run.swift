import CSystem
import Glibc
import IngestParserWire

/// What the program does: `--version`, the sandbox's own test, or serving documents over descriptor 0.
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
    complain(
      "ingestd-parse is started by ingestd and reads documents from a socket.\n"
        + "usage: ingestd-parse [--version | --self-test-sandbox]")
    exit(2)
  }
}

/// Kept for as long as the process lives, where a leak checker finds it. No other thread is ever here.
nonisolated(unsafe) private let warmup = Warmup()

/// Closes the sandbox, says hello, and serves until the other end is gone.
private func serve() -> Never {
  // Should ingestd end without closing its socket, the kernel ends us.
  _ = ingestd_set_parent_death_signal(SIGKILL)
  guard getppid() > 1 || getpid() == 1 else { exit(0) }
  OutOfMemory.tell()
  _ = warmup
  do {
    try Sandbox.close()
    var session = Session(socket: 0)
    try session.run()
  } catch {
    complain("ingestd-parse: \(error)")
    exit(70)
  }
}

private func complain(_ message: String) {
  let bytes = Array((message + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
