/// Parameters that several commands share, with the same names and explanations.
package enum SharedParameters {
  package static let index = Parameter(
    option: "--index", type: .text("NAME"), default: "docs", summary: "The index's name.")
  package static let onlyIndex = Parameter(
    option: "--index", type: .text("NAME"), summary: "Only this index.")
  package static let source = Parameter(
    option: "--source", type: .text("NAME"), default: "default", summary: "The source that the documents belong to.")
  package static let onlySource = Parameter(
    option: "--source", type: .text("NAME"), summary: "Only this source.")
  package static let since = Parameter(
    option: "--since", type: .moment("TIME"), summary: "Only what is newer: an RFC 3339 time, or an age such as 2h.")
  package static let until = Parameter(
    option: "--until", "--older-than", type: .moment("TIME"),
    summary: "Only what is older: an RFC 3339 time, or an age such as 7d.")
  package static let limit = Parameter(
    option: "--limit", type: .integer("N", 1...1_000_000), default: 50, summary: "Print at most N, 1 to 1000000.")
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max), summary: "This generation. Default: the live one.")
  package static let passwordFile = Parameter(
    option: "--password-file", type: .file("FILE"),
    summary: "A file whose first line is the password of encrypted PDFs.")
  package static let job = Parameter(
    argument: .text("JOB"), summary: "A job's id, or a unique beginning of at least 4 characters.")
  package static let jobs = Parameter(
    arguments: .text("JOB"), summary: "Ids of jobs, or unique beginnings of at least 4 characters.")
  package static let schedule = Parameter(argument: .text("SCHEDULE"), summary: "The schedule's name.")
  package static let indexName = Parameter(argument: .text("INDEX"), summary: "The index's name.")
  package static let document = Parameter(
    argument: .text("DOCUMENT"),
    summary: "A document's id, a unique beginning of at least 4 characters, its uri, or its path.")
}
