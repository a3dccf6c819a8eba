private import Glibc

/// An open file descriptor that is closed with its owner.
package final class Descriptor: Sendable {
  package let number: Int32

  /// Takes the descriptor over.
  package init(owning number: Int32) { self.number = number }

  deinit { close(number) }
}
