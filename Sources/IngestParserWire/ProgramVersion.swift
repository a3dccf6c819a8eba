/// The version of both programs. They refuse to work together unless it is the same.
package enum ProgramVersion {
  package static let text = "0.1.0"
}
