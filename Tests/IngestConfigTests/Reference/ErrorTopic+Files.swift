extension ErrorTopic {
  static let files = ErrorTopic(
    "Files to submit",
    [
      ErrorEntry(
        "FILE_NOT_FOUND",
        "A file that was named does not exist.",
        "Check the path."),
      ErrorEntry(
        "FILE_UNREADABLE",
        "A file that was named cannot be read.",
        "Check its permissions."),
      ErrorEntry(
        "FOLDER_UNREADABLE",
        "A folder cannot be read.",
        "Check its permissions, or leave it out with `--exclude`."),
      ErrorEntry(
        "PATH_TOO_LONG",
        "A path or one of its names is longer than the system allows.",
        "Change to a folder nearer to the file and give a relative path."),
      ErrorEntry(
        "LINK_BROKEN",
        "A symbolic link has no target.",
        "Correct or remove the link, or leave it out with `--exclude`."),
      ErrorEntry(
        "NOT_A_FILE",
        "The path is neither a file nor a folder, such as a pipe or a device.",
        "Give its bytes on standard input: `ingestd submit - --uri URI`."),
      ErrorEntry(
        "NAME_NOT_UTF8",
        "A file name is not UTF-8, so it cannot be a uri.",
        "Rename the file, or give its bytes on standard input with `--uri`."),
      ErrorEntry(
        "OUTSIDE_ROOT",
        "A file is not under the folder of `--root`, with links resolved.",
        "Name a folder that contains all files."),
      ErrorEntry(
        "ROOT_UNUSABLE",
        "The folder of `--root` does not exist or cannot be used.",
        "Name a folder that exists."),
      ErrorEntry(
        "NO_MATCH",
        "No file matches the pattern.",
        "Check the pattern with `ls`. `**` spans folders, `*` does not."),
      ErrorEntry(
        "NO_DOCUMENTS",
        "The folder or pattern contains no document. Hidden files and types that no workflow reads are skipped.",
        "Name one of the files by itself to see why it is skipped."),
      ErrorEntry(
        "URL_NOT_SUPPORTED",
        "A URL was given, but this version takes files only.",
        "Download it and submit the bytes: the hint shows the command."),
      ErrorEntry(
        "URI_FOR_MANY",
        "`--uri` names one document, but several were given.",
        "Submit them one at a time, or use `--root DIR`."),
      ErrorEntry(
        "URI_MISSING",
        "Standard input was submitted without a uri.",
        "Give `--uri URI`."),
      ErrorEntry(
        "SOURCE_UNREADABLE",
        "The file exists but cannot be read while it is copied.",
        "Give the user who runs ingestd permission to read it."),
      ErrorEntry(
        "SOURCE_CHANGED",
        "The file changed while it was copied.",
        "Submit it again when nothing writes to it."),
      ErrorEntry(
        "SOURCE_TOO_LARGE",
        "The file is larger than the limit.",
        "Raise the limit in the configuration, or split the file."),
      ErrorEntry(
        "IDEMPOTENCY_KEY_REUSED",
        "An idempotency key was used again with different content.",
        "Use a new key for new content, or leave out `--key`."),
      ErrorEntry(
        "EMPTY_FILE",
        "The file has 0 bytes.",
        "Add content, then submit it again."),
      ErrorEntry(
        "UNSUPPORTED_TYPE",
        "The file has a type that ingestd cannot read.",
        "Convert it to PDF, Markdown or plain text."),
      ErrorEntry(
        "SCAN_ROOT_MISSING",
        "The folder that a schedule scans does not exist. Nothing was deleted.",
        "Check its path, or mount or restore it."),
      ErrorEntry(
        "SCAN_ROOT_NOT_FOLDER",
        "The path that a schedule scans is not a folder.",
        "Name a folder in `--scan`. `ingestd submit` takes single files."),
      ErrorEntry(
        "SCAN_ROOT_UNREADABLE",
        "The worker cannot read the folder that a schedule scans. Nothing was deleted.",
        "Give the worker's user permission to read it."),
      ErrorEntry(
        "SCAN_ROOT_EMPTY",
        "The scanned folder has no document, but the index has some from there. Nothing was deleted, in case the "
          + "disk is not mounted.",
        "Mount the disk. If the folder was emptied on purpose, scan it with `--allow-empty`."),
      ErrorEntry(
        "SCAN_ROOT_CHANGED",
        "Another folder took the place of the scanned one during the scan. Nothing more was deleted.",
        "Nothing. The scan starts again by itself."),
      ErrorEntry(
        "SCAN_TASK_INVALID",
        "The task of a scan job cannot be read.",
        "Schedule it with `ingestd schedule add NAME --scan DIR`, which writes the task."),
    ])
}
