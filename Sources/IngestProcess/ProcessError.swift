private import Glibc

/// An error of the operating system. This module does not use Core's ``Failure``; callers convert the error.
package enum ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program could not be started.
  case spawn(program: String, errno: Int32)
  /// A file could not be opened, locked or watched.
  case file(path: String, errno: Int32)
  /// A socket or descriptor failed.
  case channel(errno: Int32)
  /// The other end of the channel was closed.
  case closed
  /// Nothing arrived in time.
  case timedOut

  package var description: String {
    switch self {
    case .spawn(let program, let code): "cannot start \(program): \(Self.text(code))"
    case .file(let path, let code): "\(path): \(Self.text(code))"
    case .channel(let code): "the channel failed: \(Self.text(code))"
    case .closed: "the other end was closed"
    case .timedOut: "nothing arrived in time"
    }
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
