/// The options of every command.
package enum GlobalOptions {
  package static let data = Parameter(
    option: "--data", type: .folder("DIR"), environment: "INGESTD_DATA", defaultText: "./.ingestd",
    summary: "The data folder.")
  package static let config = Parameter(
    option: "--config", type: .file("FILE"), environment: "INGESTD_CONFIG",
    defaultText: "ingestd.yaml in the data folder", summary: "The configuration file.")
  package static let json = Parameter(
    flag: "--json", summary: "Print only JSON: one object, or one per line for lists.")
  package static let quiet = Parameter(flag: "--quiet", "-q", summary: "Print no progress and no notes.")
  package static let noColor = Parameter(flag: "--no-color", summary: "Print no colour; NO_COLOR does the same.")
  package static let help = Parameter(flag: "--help", "-h", summary: "Show this help.")

  package static let all = [data.spec, config.spec, json.spec, quiet.spec, noColor.spec, help.spec]
}
