/// The stored account of a gate: its bucket, its taken slots, its pace.
package struct GateAccount: Sendable {
  /// A bucket's state, and the boot whose clock it uses.
  package struct Bucket: Hashable, Sendable, Codable {
    package var boot: String
    package var bucket: TokenBucket.State

    package init(boot: String, bucket: TokenBucket.State) {
      self.boot = boot
      self.bucket = bucket
    }
  }

  package var key: Int64
  package var bucket: Bucket?
  /// The number of slots that are taken.
  package var held: Int
  /// For a dependency: the time before which no parked job starts, in microseconds of the boot clock.
  package var pacedUntil: Int64?
  /// For a dependency: its state; nil until it is called for the first time.
  package var dependency: DependencyState?

  package init(
    key: Int64, bucket: Bucket? = nil, held: Int = 0, pacedUntil: Int64? = nil, dependency: DependencyState? = nil
  ) {
    self.key = key
    self.bucket = bucket
    self.held = held
    self.pacedUntil = pacedUntil
    self.dependency = dependency
  }
}
