// Reports to the thread sanitizer what Swift's Mutex does when it has to wait.
//
// The fast path of a Mutex is compiled into the program, so the sanitizer sees it. The slow path is in the standard library,
// which is not built for the sanitizer: the kernel passes the lock on, and every access that the lock orders is reported as a
// race. This library is loaded before the standard library, calls its functions and adds the order that they establish. It
// hides nothing: a program with one contended Mutex has reports without it and none with it; a true race has reports with
// and without it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// These are absent from programs that are built without the sanitizer.
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

static SWIFT void (*real_lock)(uint32_t thread, SELF void *mutex);
static SWIFT bool (*real_try)(SELF void *mutex);
static SWIFT void (*real_unlock)(SELF void *mutex);

__attribute__((constructor)) static void find(void) {
  *(void **)&real_lock = dlsym(RTLD_NEXT, LOCK);
  *(void **)&real_try = dlsym(RTLD_NEXT, TRY);
  *(void **)&real_unlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  real_lock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT bool try_slow(SELF void *mutex) __asm__(TRY);
SWIFT bool try_slow(SELF void *mutex) {
  bool taken = real_try(mutex);
  if (taken && __tsan_acquire) __tsan_acquire(mutex);
  return taken;
}

SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF void *mutex) {
  if (__tsan_release) __tsan_release(mutex);
  real_unlock(mutex);
}
