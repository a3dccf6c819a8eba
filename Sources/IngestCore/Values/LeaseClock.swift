/// The clock for leases, throttles and breakers. All processes that share a store read the same clock, and it never
/// jumps: on one machine it is the boot clock, on PostgreSQL the database's.
package protocol LeaseClock: Sendable {
  /// Microseconds since the clock began, including time asleep.
  var uptime: Int64 { get }
  /// The run of the clock that ``uptime`` belongs to, such as a boot. A lease of another run is void.
  var bootID: String { get }
}
