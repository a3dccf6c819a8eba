// Single-row durable commits per second: what a plain loop achieves with SQLite on this disk, one row per transaction.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(sqlite3 *db, int status) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
  fprintf(stderr, "commits: %s\n", sqlite3_errmsg(db));
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: commits DATABASE SECONDS\n");
    return 2;
  }
  sqlite3 *db = NULL;
  check(db, sqlite3_open(arguments[1], &db));
  check(db, sqlite3_exec(db,
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT) STRICT", NULL, NULL, NULL));
  sqlite3_stmt *insert = NULL;
  check(db, sqlite3_prepare_v2(db, "INSERT INTO t (a, b) VALUES (?, 'a row of some thirty bytes ...')", -1, &insert, NULL));
  const double start = now(), end = start + atof(arguments[2]);
  long commits = 0;
  double last = start;
  while (last < end) {
    sqlite3_bind_int64(insert, 1, commits);
    check(db, sqlite3_step(insert));
    check(db, sqlite3_reset(insert));
    commits += 1;
    last = now();
  }
  printf("%.1f\n", (double)commits / (last - start));
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return 0;
}
