/// A body that waits for a connection, and later its result. ``TypedWork`` knows the type of the result.
///
/// `@unchecked`: the caller creates it and gives it to one queue. From then on only the queue's thread uses it. The
/// queue's lock orders the two.
class Work: @unchecked Sendable {
  /// The bits that the body flagged; see ``Connection/flag(_:)``.
  final var flags: UInt64 = 0

  /// Runs the body and keeps its result. May be called again, which replaces the earlier result.
  func run(_ connection: Connection) throws {}

  /// Replaces the result by `error`.
  func fail(_ error: any Error) {}

  /// Returns the result to the caller.
  func resume() {}
}

/// `@unchecked` for the same reason as its base class.
final class TypedWork<T: Sendable>: Work, @unchecked Sendable {
  private let body: @Sendable (Connection) throws -> T
  private let continuation: UnsafeContinuation<T, any Error>
  private var result: Result<T, any Error>?

  init(_ body: @escaping @Sendable (Connection) throws -> T, _ continuation: UnsafeContinuation<T, any Error>) {
    self.body = body
    self.continuation = continuation
  }

  override func run(_ connection: Connection) throws {
    result = .success(try body(connection))
  }

  override func fail(_ error: any Error) {
    result = .failure(error)
  }

  override func resume() {
    guard let result else { preconditionFailure("resumed before it ran") }
    self.result = nil
    continuation.resume(with: result)
  }
}
