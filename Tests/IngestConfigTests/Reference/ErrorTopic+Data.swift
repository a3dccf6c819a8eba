extension ErrorTopic {
  static let data = ErrorTopic(
    "Data folder and database",
    [
      ErrorEntry(
        "DATA_FOLDER_MISSING",
        "There is no data folder at the path that `--data`, `$INGESTD_DATA` or the default names.",
        "Name the right folder. `ingestd submit` and `ingestd index create` make one."),
      ErrorEntry(
        "DATA_NOT_A_FOLDER",
        "The path of the data folder is a file.",
        "Name a folder with `--data`."),
      ErrorEntry(
        "DATA_FOLDER_UNUSABLE",
        "The data folder cannot be created, opened or written.",
        "Check its owner and permissions, or name another folder."),
      ErrorEntry(
        "DATABASE_MISSING",
        "The data folder has no database.",
        "Submit something first, or name the right folder with `--data`."),
      ErrorEntry(
        "DATABASE_LOST",
        "The database is missing or empty, but index files that belong to it exist.",
        "Restore the database from a backup, or move the whole folder away to start again. Nothing was changed."),
      ErrorEntry(
        "DATABASE_NOT_SQLITE",
        "The database file is a folder or has another format.",
        "Name another folder with `--data`, or move the file away."),
      ErrorEntry(
        "DATABASE_CORRUPT",
        "SQLite reports that the database file is damaged.",
        "Run `ingestd doctor`, then restore a backup. Nothing was changed."),
      ErrorEntry(
        "DATABASE_DAMAGED",
        "A row of the database contains a value that ingestd cannot read.",
        "Run `ingestd doctor`; restore a backup if it finds damage."),
      ErrorEntry(
        "DATABASE_UNREADABLE",
        "The database file cannot be opened.",
        "Check the permissions of the data folder and of everything in it."),
      ErrorEntry(
        "DATABASE_READ_ONLY",
        "This user may not write to the data folder.",
        "Check its permissions and whether the file system is mounted read-only."),
      ErrorEntry(
        "DATABASE_NEWER",
        "A newer ingestd has migrated the database.",
        "Run that version or a later one. Nothing was changed."),
      ErrorEntry(
        "DATABASE_OLDER",
        "The database lacks migrations of this version.",
        "Run `ingestd migrate`."),
      ErrorEntry(
        "DATABASE_FOREIGN",
        "Another build migrated the database: one of its migrations differs.",
        "Run the build that wrote it. Nothing was changed."),
      ErrorEntry(
        "DATABASE_BUSY",
        "Another process held the write lock for longer than `store.busy-timeout`.",
        "Try again. If it lasts, look for a stopped process with `ingestd status`."),
      ErrorEntry(
        "DATABASE_CLOSED",
        "The database was closed while the request ran, because the process is stopping.",
        "Try again after the restart."),
      ErrorEntry(
        "DATABASE_REFUSED",
        "The database refused a change that ingestd should not make.",
        "This is a bug. Report it with the output of `ingestd doctor`."),
      ErrorEntry(
        "DISK_FULL",
        "The disk is full. Nothing was half-written.",
        "Free space. Workers try their step again."),
      ErrorEntry(
        "DISK_ERROR",
        "The operating system reports an error when it reads or writes the database.",
        "Check the disk and the system log."),
      ErrorEntry(
        "OUTCOME_UNKNOWN",
        "A commit failed, and it is unknown whether it took effect.",
        "Try again: what is stored already is found and not repeated. Only a signal counts twice, so check with "
          + "`ingestd job show`."),
      ErrorEntry(
        "BLOB_MISSING",
        "Stored bytes of a document are missing from the data folder.",
        "Submit the document again. If files were removed from the folder, restore them from a backup."),
      ErrorEntry(
        "BLOB_DAMAGED",
        "Stored bytes no longer have the hash under which they are stored.",
        "Submit the document again, and check the disk."),
      ErrorEntry(
        "BLOB_COLLECTED",
        "Bytes were removed as unused before the step that made them was stored.",
        "Nothing. The step runs again."),
      ErrorEntry(
        "BLOB_IO_FAILED",
        "The operating system reports an error on a file with stored bytes.",
        "Check the disk of the data folder. The work is tried again."),
      ErrorEntry(
        "BLOBS_READ_ONLY",
        "This user may not write stored bytes to the data folder.",
        "Run as the owner of the data folder, or choose another folder with `--data`."),
      ErrorEntry(
        "WORKER_LOCK",
        "The lock file of a new worker is taken.",
        "Start the worker again."),
      ErrorEntry(
        "CHILD_LOST",
        "The connection to a child process failed.",
        "Try again. Workers do so by themselves."),
      ErrorEntry(
        "PROGRAM_NOT_STARTED",
        "The system could not start a child process.",
        "Check that the program exists and may be run, and how many processes this user may have."),
      ErrorEntry(
        "CANCELLED",
        "The work was cancelled, or the process is stopping.",
        "Nothing, if you asked for it. A stopped worker's jobs continue with the next worker."),
      ErrorEntry(
        "UNEXPECTED",
        "An error that ingestd does not know occurred.",
        "Try again. If it lasts, report it with the full message."),
    ])
}
