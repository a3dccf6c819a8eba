import IngestCore
import IngestStore
import IngestTestKit
import Testing

/// One transition of the store as its real caller makes it, and the expected result when the caller repeats it because
/// the acknowledgement of the first call was lost.
struct LostAcknowledgement: Sendable, CustomTestStringConvertible {
  typealias Act = @Sendable () async throws -> Void

  enum Again: Sendable {
    /// The repetition changes nothing.
    case same
    /// The repetition is refused with this code, since the transition was done.
    case refused(String)
    /// The lease is no longer held, because the outcome is stored.
    case leaseLost
    /// The tables that differ by nature; a comment beside the case says why.
    case differs(Set<String>)
  }

  /// The name of the store's method.
  var name: String
  var again: Again
  /// The caller's next action after a lost acknowledgement, where that is not the same call.
  var then: (@Sendable (StoreFixture) async throws -> Void)?
  /// Brings a fresh store to the state in which the transition can be made.
  var prepare: @Sendable (StoreFixture) async throws -> Act

  var testDescription: String { name }

  init(
    _ name: String, _ again: Again = .same, then: (@Sendable (StoreFixture) async throws -> Void)? = nil,
    _ prepare: @escaping @Sendable (StoreFixture) async throws -> Act
  ) {
    self.name = name
    self.again = again
    self.then = then
    self.prepare = prepare
  }
}
