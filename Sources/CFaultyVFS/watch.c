#define _GNU_SOURCE
#include "watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { WATCHES = 64 };

static _Atomic(ingestd_watch *) watches[WATCHES];
static atomic_int watching;

_Thread_local int ingestd_in_vfs = 0;

bool ingestd_is_watching(void) { return atomic_load_explicit(&watching, memory_order_acquire) > 0; }

const ingestd_watch *ingestd_watch_of(const char *path) {
  if (path == NULL || !ingestd_is_watching()) return NULL;
  for (int i = 0; i < WATCHES; i++) {
    const ingestd_watch *watch = atomic_load_explicit(&watches[i], memory_order_acquire);
    if (watch == NULL || strncmp(path, watch->root, watch->length) != 0) continue;
    if (path[watch->length] == '/' || path[watch->length] == 0) return watch;
  }
  return NULL;
}

int ingestd_io_watch(const char *root, ingestd_io_hook hook, void *context) {
  ingestd_watch *watch = malloc(sizeof *watch);
  if (watch == NULL) return -1;
  *watch = (ingestd_watch){strdup(root), strlen(root), hook, context};
  for (int i = 0; i < WATCHES; i++) {
    ingestd_watch *none = NULL;
    if (!atomic_compare_exchange_strong(&watches[i], &none, watch)) continue;
    atomic_fetch_add(&watching, 1);
    return i;
  }
  free(watch->root);
  free(watch);
  return -1;
}

void ingestd_io_unwatch(int number) {
  if (number < 0 || number >= WATCHES) return;
  // Its memory is never freed: another thread may be comparing a path with its root.
  if (atomic_exchange(&watches[number], NULL) != NULL) atomic_fetch_sub(&watching, 1);
}
