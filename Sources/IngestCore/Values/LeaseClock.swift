/// The clock that leases, throttles and breakers are kept by. All processes that share a store read the same one, and it
/// never jumps: on one machine it is the boot clock, on PostgreSQL the database's.
package protocol LeaseClock: Sendable {
  /// Microseconds since the clock began, time asleep included.
  var uptime: Int64 { get }
  /// Names the run that ``uptime`` belongs to, such as a boot: a lease of another one is void.
  var bootID: String { get }
}
