import CSystem
import Glibc

/// A test that tries the calls that the sandbox must refuse and prints the result of each.
enum SandboxProbe {
  static func run() -> Bool {
    let warmup = Warmup()
    defer { withExtendedLifetime(warmup) {} }
    let outside = open("/etc/hostname", O_RDONLY)
    if outside >= 0 { close(outside) }
    do {
      try Sandbox.close(fileSize: 1 << 20)
    } catch {
      print("sandbox: \(error)")
      return false
    }
    var all = true
    for (name, attempt) in attempts {
      errno = 0
      let refused = attempt() < 0 && (errno == EPERM || errno == EACCES)
      print("\(name): \(refused ? "refused" : "ALLOWED (errno \(errno))")")
      all = all && refused
    }
    return all
  }

  private static let attempts: [(String, @Sendable () -> Int)] = [
    ("open a file", { Int(open("/etc/passwd", O_RDONLY)) }),
    ("list a folder", { Int(open("/etc", O_RDONLY | O_DIRECTORY)) }),
    ("change a file", { Int(open("/usr/share/poppler/cMap", O_WRONLY)) }),
    ("make a file", { Int(open("/tmp/ingestd-probe", O_WRONLY | O_CREAT, 0o600)) }),
    (
      "read a file's status",
      {
        var status = stat(); return Int(stat("/etc/passwd", &status))
      }
    ),
    ("remove a file", { Int(unlink("/tmp/ingestd-probe")) }),
    ("run a program", { Int(execv("/bin/true", [nil])) }),
    ("start a process", { Int(ingestd_fork()) }),
    ("open a socket", { Int(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)) }),
    ("open a local socket", { Int(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)) }),
    (
      "connect",
      {
        var address = sockaddr(); return Int(connect(0, &address, 16))
      }
    ),
    ("signal another process", { Int(kill(getppid(), 0)) }),
    ("trace another process", { Int(ingestd_trace(getppid())) }),
    ("raise a limit", { Int(ingestd_set_hard_limit(Int32(ingestd_limit_files), 4096)) }),
    (
      "make memory executable",
      {
        let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return memory == MAP_FAILED ? -1 : 0
      }
    ),
  ]
}
