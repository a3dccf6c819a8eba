/// The databases that a store can use. A test of a store runs on each with a fresh database: `@Test("…", arguments:
/// StoreKind.allCases)`, then `StoreFixture(kind)`.
package enum StoreKind: String, CaseIterable, Sendable {
  case sqlite
}
