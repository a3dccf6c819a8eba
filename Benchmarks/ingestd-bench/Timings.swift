/// The durations of many equal operations.
struct Timings {
  private var microseconds: [Double] = []

  /// Runs a body and records its duration.
  mutating func time<T>(_ body: () async throws -> T) async rethrows -> T {
    let start = ContinuousClock.now
    let result = try await body()
    let took = ContinuousClock.now - start
    microseconds.append(
      Double(took.components.seconds) * 1e6 + Double(took.components.attoseconds) * 1e-12)
    return result
  }

  /// Returns the duration, in microseconds, that a share such as 0.5 of the operations does not exceed; 0 if there are
  /// none.
  func quantile(_ share: Double) -> Double {
    let sorted = microseconds.sorted()
    guard let last = sorted.last else { return 0 }
    let position = Int(Double(sorted.count) * share)
    return position < sorted.count ? sorted[position] : last
  }

  /// The durations as a JSON object.
  var json: String {
    "{\"count\":\(microseconds.count),\"minimum_us\":\(quantile(0)),\"median_us\":\(quantile(0.5)),"
      + "\"p99_us\":\(quantile(0.99))}"
  }
}
