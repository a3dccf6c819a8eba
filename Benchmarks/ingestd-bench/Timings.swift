/// How long each of many equal things took.
struct Timings {
  private var microseconds: [Double] = []

  /// Runs a body and keeps its duration.
  mutating func time<T>(_ body: () async throws -> T) async rethrows -> T {
    let start = ContinuousClock.now
    let result = try await body()
    let took = ContinuousClock.now - start
    microseconds.append(
      Double(took.components.seconds) * 1e6 + Double(took.components.attoseconds) * 1e-12)
    return result
  }

  /// The value that a share of them, such as 0.5, does not exceed, in microseconds; 0 if there are none.
  func quantile(_ share: Double) -> Double {
    let sorted = microseconds.sorted()
    guard let last = sorted.last else { return 0 }
    let position = Int(Double(sorted.count) * share)
    return position < sorted.count ? sorted[position] : last
  }

  /// As a JSON object.
  var json: String {
    "{\"count\":\(microseconds.count),\"minimum_us\":\(quantile(0)),\"median_us\":\(quantile(0.5)),"
      + "\"p99_us\":\(quantile(0.99))}"
  }
}
