/// Parameters that several commands take, so that they are spelled and explained alike.
package enum SharedParameters {
  package static let index = Parameter(
    option: "--index", type: .text("NAME"), default: "docs", summary: "The index.")
  package static let onlyIndex = Parameter(
    option: "--index", type: .text("NAME"), summary: "Only this index.")
  package static let source = Parameter(
    option: "--source", type: .text("NAME"), default: "default", summary: "The source that the documents belong to.")
  package static let onlySource = Parameter(
    option: "--source", type: .text("NAME"), summary: "Only this source.")
  package static let since = Parameter(
    option: "--since", type: .moment("TIME"), summary: "Only what is newer: RFC 3339, or how long ago, such as 2h.")
  package static let until = Parameter(
    option: "--until", "--older-than", type: .moment("TIME"),
    summary: "Only what is older: RFC 3339, or how long ago, such as 7d.")
  package static let limit = Parameter(
    option: "--limit", type: .integer("N", 1...1_000_000), default: 50, summary: "How many at most.")
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max), summary: "This generation in place of the live one.")
  package static let passwordFile = Parameter(
    option: "--password-file", type: .file("FILE"), summary: "The password of encrypted PDFs, on the first line.")
  package static let job = Parameter(
    argument: .text("JOB"), summary: "A job's id, or a beginning of it that no other job has.")
  package static let jobs = Parameter(
    arguments: .text("JOB"), summary: "Ids of jobs, or beginnings of them that no other job has.")
  package static let schedule = Parameter(argument: .text("SCHEDULE"), summary: "The schedule's name.")
  package static let indexName = Parameter(argument: .text("INDEX"), summary: "The index.")
  package static let document = Parameter(
    argument: .text("DOCUMENT"), summary: "A document's id, a beginning that no other has, or its uri.")
}
