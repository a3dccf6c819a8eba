import Glibc

/// Reports a failed allocation by the exit status. poppler, GLib and C++ all abort in that case.
enum OutOfMemory {
  /// The other side knows it as `ParseRun.outOfMemoryStatus`.
  private static let status: Int32 = 71

  /// Installs handlers. An abort while `errno` is ENOMEM then exits with the status. Any other abort stays an abort.
  static func install() {
    for number in [SIGABRT, SIGTRAP, SIGILL] {
      signal(number) { number in
        if errno == ENOMEM { _exit(OutOfMemory.status) }
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Clears `errno`. Call it before each page, so that an old ENOMEM does not explain a new abort.
  static func clear() { errno = 0 }
}
