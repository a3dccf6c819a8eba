/// A body on its way to a connection and its result on its way back; the type of the result is known to ``TypedWork``.
///
/// `@unchecked`: the caller makes it and gives it to one queue, the queue's thread is the only one that touches it from
/// then on, and the lock of the queue orders the two.
class Work: @unchecked Sendable {
  /// What the body flagged; see ``Connection/flag(_:)``.
  final var flags: UInt64 = 0

  /// Runs the body and keeps what it returned. May be called again, which forgets the result before.
  func run(_ connection: Connection) throws {}

  /// Ends with `error` in place of the result.
  func fail(_ error: any Error) {}

  /// Lets the caller go on.
  func resume() {}
}

/// `@unchecked` as its base class.
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
