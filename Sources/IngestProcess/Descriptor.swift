private import Glibc

/// An open file descriptor. It is closed when the object is released.
package final class Descriptor: Sendable {
  package let number: Int32

  /// Takes ownership of the descriptor.
  package init(owning number: Int32) { self.number = number }

  deinit { close(number) }
}
