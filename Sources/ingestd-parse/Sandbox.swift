import CSeccomp
import CSystem
import Glibc

/// The restrictions on this process once it reads an untrusted document. It may use memory, its socket and the
/// descriptors that arrive over it, and may read poppler's character maps. Every other call fails with EPERM, so that a
/// library that makes one continues or fails in an orderly way.
enum Sandbox {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Poppler's own tables for East Asian fonts that a document names but does not contain. They take 13 MB, and poppler
  /// keeps four of them at a time, so they cannot all be read beforehand. Without Landlock such text is not read.
  private static let characterMaps = "/usr/share/poppler"

  /// Calls that are allowed with any arguments.
  private static let calls = [
    "read", "write", "pread64", "recvmsg", "sendmsg", "close", "lseek", "brk", "munmap", "mremap", "madvise", "futex",
    "rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "getpid", "gettid", "clock_gettime",
    "gettimeofday", "time", "getrandom", "sched_yield", "restart_syscall", "exit", "exit_group",
  ]

  /// Sets limits that no document can raise, then the filter. Neither can be undone.
  /// - Parameter fileSize: maximum size of a file in bytes. The self-test prints its findings into one.
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
    // No new code can run: neither memory nor files become executable.
    for call in ["mmap", "mprotect"] {
      status |= ingestd_seccomp_allow_without(filter, call, 2, UInt64(ingestd_prot_exec))
    }
    // `openat` is allowed only if Landlock already restricts it to the character maps.
    if confined == 1 {
      status |= ingestd_seccomp_allow_without(filter, "openat", 2, UInt64(ingestd_open_changes))
    }
    // An abort signals its own process; no other process may be signalled.
    status |= ingestd_seccomp_allow_equal(filter, "tgkill", 0, UInt64(getpid()))
    status |= seccomp_load(filter)
    guard status == 0 else { throw Failed(description: "the seccomp filter was refused") }
  }
}
