#pragma once
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// pidfd_open(2) has no wrapper in glibc 2.36.
static inline int ingestd_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// Nor has pidfd_send_signal(2). It cannot signal another process that got the same number since.
static inline int ingestd_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0);
}

// Swift does not import P_PIDFD as a constant.
static inline int ingestd_wait_pidfd(int pidfd, siginfo_t *info) {
  return waitid((idtype_t)3, (id_t)pidfd, info, WEXITED);
}
static inline int ingestd_siginfo_status(const siginfo_t *info) { return info->si_status; }
static inline int ingestd_siginfo_exited(const siginfo_t *info) { return info->si_code == CLD_EXITED; }

// prctl(2) takes variable arguments.
static inline int ingestd_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
static inline int ingestd_set_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
static inline int ingestd_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// Sets only the soft limit. The hard limit stays, so that the parent can raise the soft one again for the next
// document.
static inline int ingestd_set_soft_limit(pid_t pid, int resource, unsigned long long value) {
  struct rlimit limit;
  if (prlimit(pid, (enum __rlimit_resource)resource, (struct rlimit *)0, &limit) != 0) return -1;
  limit.rlim_cur = value < limit.rlim_max ? (rlim_t)value : limit.rlim_max;
  return prlimit(pid, (enum __rlimit_resource)resource, &limit, (struct rlimit *)0);
}
static inline int ingestd_set_hard_limit(int resource, unsigned long long value) {
  struct rlimit limit = {(rlim_t)value, (rlim_t)value};
  return setrlimit((__rlimit_resource_t)resource, &limit);
}
enum {
  ingestd_limit_memory = RLIMIT_AS,
  ingestd_limit_cpu = RLIMIT_CPU,
  ingestd_limit_file = RLIMIT_FSIZE,
  ingestd_limit_files = RLIMIT_NOFILE,
  ingestd_limit_core = RLIMIT_CORE,
};

// Returns the processor time of another process in nanoseconds, or -1.
static inline long long ingestd_cpu_time(pid_t pid) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
  return (long long)time.tv_sec * 1000000000LL + time.tv_nsec;
}

// Sends bytes together with one descriptor; -1 sends none. In C, since Swift does not import the CMSG_ macros.
static inline ssize_t ingestd_send(int socket, const void *bytes, size_t count, int descriptor) {
  union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
  struct iovec vector = {(void *)bytes, count};
  struct msghdr message = {0};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

// Receives bytes and at most one descriptor, which is close-on-exec. `*descriptor` is -1 if none was sent.
static inline ssize_t ingestd_receive(int socket, void *bytes, size_t count, int *descriptor) {
  union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
  struct iovec vector = {bytes, count};
  struct msghdr message = {0};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.room;
  message.msg_controllen = sizeof control.room;
  *descriptor = -1;
  ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
      memcpy(descriptor, CMSG_DATA(header), sizeof(int));
  return got;
}

static inline int ingestd_socketpair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }

// pipe2(2) is declared only under _GNU_SOURCE; fcntl(2) takes variable arguments.
static inline int ingestd_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }
static inline int ingestd_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

// Creates a file without a path, for bytes that a child process reads from a descriptor.
static inline int ingestd_memory_file(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 1U /* MFD_CLOEXEC */);
}

// open(2) and fcntl(2) take variable arguments.
static inline int ingestd_duplicate(int descriptor, int least) { return fcntl(descriptor, F_DUPFD_CLOEXEC, least); }
static inline int ingestd_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }

// Locks that belong to an open file description. They are exclusive and cover the whole file.
static inline int ingestd_lock_call(int descriptor, int command, short type, struct flock *lock) {
  memset(lock, 0, sizeof *lock);
  lock->l_type = type;
  lock->l_whence = SEEK_SET;
  return fcntl(descriptor, command, lock);
}
static inline int ingestd_lock(int descriptor) {
  struct flock lock;
  return ingestd_lock_call(descriptor, 37 /* F_OFD_SETLK */, F_WRLCK, &lock);
}
static inline int ingestd_unlock(int descriptor) {
  struct flock lock;
  return ingestd_lock_call(descriptor, 37 /* F_OFD_SETLK */, F_UNLCK, &lock);
}
// Returns 1 if the lock is held, 0 if it is free, -1 on an error. It does not take the lock.
static inline int ingestd_is_locked(int descriptor) {
  struct flock lock;
  if (ingestd_lock_call(descriptor, 36 /* F_OFD_GETLK */, F_WRLCK, &lock) != 0) return -1;
  return lock.l_type != F_UNLCK;
}

// Waits for the entry; returns 0 when the time is over. After a signal it waits again, so -1 means a real error.
static inline int ingestd_poll(struct pollfd *entry, const struct timespec *time) {
  int milliseconds = time->tv_sec > 2000000 ? -1 : (int)(time->tv_sec * 1000 + (time->tv_nsec + 999999) / 1000000);
  int got;
  do got = poll(entry, 1, milliseconds);
  while (got < 0 && errno == EINTR);
  return got;
}

// <spawn.h> declares this only under _GNU_SOURCE, which Swift's importer does not set.
static inline int ingestd_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
  extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

static inline int ingestd_spawn_change_folder(posix_spawn_file_actions_t *actions, const char *path) {
  extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

// Names the calling thread, with at most 15 bytes.
static inline int ingestd_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

// For the test of the sandbox: Swift does not import fork(2) and ptrace(2).
static inline int ingestd_fork(void) { return (int)syscall(SYS_fork); }
static inline int ingestd_trace(pid_t pid) { return (int)syscall(SYS_ptrace, 16 /* PTRACE_ATTACH */, pid, 0, 0); }

// Restricts this thread by Landlock: from now on it can open files only for reading and only beneath `folder`. Returns
// 1 if done, 0 if the kernel has no Landlock, -1 with errno. <linux/landlock.h> is not needed: the numbers are the
// kernel's interface.
static inline int ingestd_read_only_beneath(const char *folder) {
  long version = syscall(444, (void *)0, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
  if (version < 1) return 0;
  // All rights that this version knows: 13 in version 1, and one more each in versions 2, 3 and 5.
  int rights = 13 + (version >= 2) + (version >= 3) + (version >= 5);
  struct { unsigned long long handled; } rules = {(1ULL << rights) - 1};
  int ruleset = (int)syscall(444, &rules, sizeof rules, 0);
  if (ruleset < 0) return errno == EOPNOTSUPP ? 0 : -1;
  int status = 0;
  int directory = open(folder, 010000000 /* O_PATH */ | O_CLOEXEC);
  if (directory >= 0) {
    struct { unsigned long long allowed; int parent; } __attribute__((packed)) beneath = {1 << 2 /* READ_FILE */, directory};
    status = (int)syscall(445, ruleset, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &beneath, 0);
    close(directory);
  }
  if (status == 0) status = (int)syscall(446, ruleset, 0);
  close(ruleset);
  return status == 0 ? 1 : -1;
}
// The flags of open(2) that allow more than reading.
enum { ingestd_open_changes = O_ACCMODE | O_CREAT | O_TRUNC };
