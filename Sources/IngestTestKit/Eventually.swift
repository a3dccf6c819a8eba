/// The one policy by which tests wait for other threads and processes.
package enum Patience {
  /// The pause between two checks.
  package static let interval: Duration = .milliseconds(5)
  /// The longest wait. It only ends a hang: no verdict depends on how busy the machine is.
  package static let limit: Duration = .seconds(600)
}

/// The error when something that a test waits for did not happen within ``Patience/limit``.
package struct NeverHappened: Error, CustomStringConvertible {
  package let what: String
  /// The value that was read last.
  package let last: String

  package var description: String { "this did not happen: \(what); last read: \(last)" }
}

/// Reads a value until it is as expected, and returns it.
/// - Throws: ``NeverHappened``, which names `what`.
@discardableResult
package func eventually<Value>(
  _ what: String, read: () async throws -> Value, _ isExpected: (Value) async throws -> Bool
) async throws -> Value {
  let end = ContinuousClock.now + Patience.limit
  while true {
    let value = try await read()
    if try await isExpected(value) { return value }
    guard ContinuousClock.now < end else { throw NeverHappened(what: what, last: "\(value)") }
    try await Task.sleep(for: Patience.interval)
  }
}

/// Checks until the condition holds.
/// - Throws: ``NeverHappened``, which names `what`.
package func eventually(_ what: String, _ isMet: () async throws -> Bool) async throws {
  try await eventually(what, read: isMet) { $0 }
}
