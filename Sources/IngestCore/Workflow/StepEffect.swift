/// A change outside the queue that becomes true in the transaction of the checkpoint that carries it.
///
/// The engine carries effects and never reads them. The store applies those that it knows, and refuses a checkpoint with any
/// other (`EFFECT_UNKNOWN`).
package protocol StepEffect: Hashable, Sendable {}
