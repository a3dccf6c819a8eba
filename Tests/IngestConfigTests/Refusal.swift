import IngestCore

/// The failure that `body` ended in; nil when it did not fail.
func refusal<T>(_ body: () throws -> T) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch {
    return Failure(error)
  }
}
