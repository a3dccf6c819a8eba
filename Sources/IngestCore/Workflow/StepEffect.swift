/// A change outside the queue that takes effect in the transaction of the checkpoint that carries it.
///
/// The engine passes effects on without reading them. The store applies those that it knows, and refuses a checkpoint
/// with any other (`EFFECT_UNKNOWN`).
package protocol StepEffect: Hashable, Sendable {}
