import CSeccomp
import CSystem
import Glibc

/// What this process may still do once a stranger's document is read in it: memory, its socket and the descriptors that
/// come over it, and the reading of poppler's character maps. Everything else is refused with EPERM, so that a library which asks goes on or fails in order.
enum Sandbox {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Poppler's own tables for East Asian fonts that a document names and does not bring along: 13 MB, of which it keeps
  /// four at a time, so they can not all be read beforehand. Without Landlock such text is not read.
  private static let characterMaps = "/usr/share/poppler"

  /// Allowed as they are.
  private static let calls = [
    "read", "write", "pread64", "recvmsg", "sendmsg", "close", "lseek", "brk", "munmap", "mremap", "madvise", "futex",
    "rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "getpid", "gettid", "clock_gettime",
    "gettimeofday", "time", "getrandom", "sched_yield", "restart_syscall", "exit", "exit_group",
  ]

  /// Limits that no document raises, then the filter. There is no way back.
  /// - Parameter fileSize: bytes that a file may grow to; the test prints its findings into one.
  static func close(fileSize: UInt64 = 0) throws(Failed) {
    for (resource, value) in [
      (ingestd_limit_file, fileSize), (ingestd_limit_core, 0), (ingestd_limit_files, 16),
    ] as [(Int, UInt64)] {
      guard ingestd_set_hard_limit(Int32(resource), value) == 0 else {
        throw Failed(description: "a resource limit was refused")
      }
    }
    guard ingestd_set_no_new_privileges() == 0 else { throw Failed(description: "no_new_privs was refused") }
    let confined = ingestd_read_only_beneath(characterMaps)
    guard confined >= 0 else { throw Failed(description: "Landlock was refused") }
    guard let filter = ingestd_seccomp_refusing() else { throw Failed(description: "no seccomp filter") }
    defer { seccomp_release(filter) }
    var status: Int32 = 0
    for call in calls { status |= ingestd_seccomp_allow(filter, call) }
    // No new code: neither memory nor files become executable.
    for call in ["mmap", "mprotect"] {
      status |= ingestd_seccomp_allow_without(filter, call, 2, UInt64(ingestd_prot_exec))
    }
    // Only where Landlock already keeps it to the character maps.
    if confined == 1 {
      status |= ingestd_seccomp_allow_without(filter, "openat", 2, UInt64(ingestd_open_changes))
    }
    // An abort signals its own process and no other.
    status |= ingestd_seccomp_allow_equal(filter, "tgkill", 0, UInt64(getpid()))
    status |= seccomp_load(filter)
    guard status == 0 else { throw Failed(description: "the seccomp filter was refused") }
  }
}
