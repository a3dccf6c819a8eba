import IngestCore

/// Returns the failure that `body` threw; nil if it did not fail.
func refusal<T>(_ body: () throws -> T) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch {
    return Failure(error)
  }
}
