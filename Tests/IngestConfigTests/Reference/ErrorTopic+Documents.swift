extension ErrorTopic {
  static let documents = ErrorTopic(
    "Reading documents",
    [
      ErrorEntry(
        "PDF_DAMAGED",
        "The PDF is damaged.",
        "Open it in a viewer and save it again, or repair it with `qpdf in.pdf out.pdf`."),
      ErrorEntry(
        "PDF_ENCRYPTED",
        "The PDF needs a password.",
        "Give it in a file: `--password-file FILE`."),
      ErrorEntry(
        "PDF_WRONG_PASSWORD",
        "The password does not open the PDF.",
        "Check the file of `--password-file`. Only a line end at its end is ignored."),
      ErrorEntry(
        "PASSWORD_FILE_UNREADABLE",
        "The process cannot read the password file.",
        "Put the file where the worker can read it, then redrive the job."),
      ErrorEntry(
        "PDF_NO_PAGES",
        "The PDF has no pages.",
        "Nothing. There is no text to index."),
      ErrorEntry(
        "NO_TEXT",
        "The document has no text: its pages contain only images.",
        "Run it through OCR first, for example `ocrmypdf in.pdf out.pdf`."),
      ErrorEntry(
        "TEXT_ENCODING",
        "The text is in no supported encoding.",
        "Save it as UTF-8."),
      ErrorEntry(
        "DOCUMENT_UNREADABLE",
        "The document could not be read for a cause that may pass.",
        "Nothing. The step is retried."),
      ErrorEntry(
        "PAGE_LIMIT",
        "The document has more pages than `parser.pages` allows.",
        "Split it, or raise the limit."),
      ErrorEntry(
        "TEXT_LIMIT",
        "The document contains more text than `parser.characters` allows. It may be a decompression bomb.",
        "If it is safe, raise the limit."),
      ErrorEntry(
        "PARSER_CRASHED",
        "The parser process crashed on this document. Other documents are not affected.",
        "Save the document again with another program."),
      ErrorEntry(
        "PARSER_TIMEOUT",
        "The parser ran longer than `parser.cpu` or `parser.wall` allows.",
        "Raise the limit if the document is safe."),
      ErrorEntry(
        "PARSER_MEMORY",
        "The parser needed more memory than `parser.memory` allows.",
        "Raise the limit if the document is safe."),
      ErrorEntry(
        "PARSER_MISSING",
        "The program `ingestd-parse` was not found.",
        "Install it beside `ingestd`, or in `../libexec`."),
      ErrorEntry(
        "PARSER_VERSION",
        "`ingestd-parse` has another version than `ingestd`.",
        "Install both programs of the same version."),
      ErrorEntry(
        "PARSER_FAILED",
        "The parser process could not be started or used.",
        "Nothing. The step is retried. If it lasts, check the limits on processes and memory."),
      ErrorEntry(
        "PARSE_RESULT_DAMAGED",
        "A stored parse result cannot be read.",
        "Replay the job from its parse step."),
      ErrorEntry(
        "QUARANTINED",
        "Processes died several times while they worked on this document alone.",
        "Inspect it with `ingestd parse`. `ingestd dead redrive` lifts the quarantine."),
      ErrorEntry(
        "CONTENT_NOT_QUARANTINED",
        "No process has died on a content with this hash.",
        "`ingestd dead quarantine` lists the contents."),
      ErrorEntry(
        "CONTENT_AMBIGUOUS",
        "More than one content begins with these characters.",
        "Give more characters; `ingestd dead quarantine` shows them."),
    ])
}
