import Glibc

/// Says by the exit status that an allocation failed, which poppler, GLib and C++ all end in an abort.
enum OutOfMemory {
  /// The other side knows it as `ParseRun.outOfMemoryStatus`.
  private static let status: Int32 = 71

  /// From now on an abort while `errno` says ENOMEM ends with the status; any other abort stays one.
  static func tell() {
    for number in [SIGABRT, SIGTRAP, SIGILL] {
      signal(number) { number in
        if errno == ENOMEM { _exit(OutOfMemory.status) }
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Call it before each page: an old ENOMEM must not explain a new abort.
  static func forget() { errno = 0 }
}
