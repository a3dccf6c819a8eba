import IngestCore
import IngestStore
import IngestTestKit
import Testing

/// One transition of the store as its real caller makes it, and what becomes of it when it is made again by somebody who
/// did not hear that it took place.
struct LostAcknowledgement: Sendable, CustomTestStringConvertible {
  typealias Act = @Sendable () async throws -> Void

  enum Again: Sendable {
    /// It changes nothing.
    case same
    /// It is refused with this code, since it was done.
    case refused(String)
    /// The lease is no longer held: the outcome is stored.
    case leaseLost
    /// What differs, by nature: told beside the case.
    case differs(Set<String>)
  }

  /// As the source calls it.
  var name: String
  var again: Again
  /// What whoever was lost acknowledgement does next, where that is not the same call.
  var then: (@Sendable (StoreFixture) async throws -> Void)?
  /// Brings a fresh store to where the transition can be made.
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
