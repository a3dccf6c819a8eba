import IngestCore

extension ChildrenSummary {
  /// The summary in one line.
  var text: String {
    var parts = ["\(DecimalText.grouped(ended)) of \(DecimalText.grouped(total)) ended"]
    if dead > 0 { parts.append("\(DecimalText.grouped(dead)) dead") }
    if cancelled > 0 { parts.append("\(DecimalText.grouped(cancelled)) cancelled") }
    return parts.joined(separator: ", ")
  }
}
