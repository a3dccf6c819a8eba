#pragma once
#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

// The actions are macros with arguments, and the rule functions take variable arguments: Swift imports neither.
static inline scmp_filter_ctx ingestd_seccomp_refusing(void) { return seccomp_init(SCMP_ACT_ERRNO(EPERM)); }
static inline int ingestd_seccomp_allow(scmp_filter_ctx filter, const char *name) {
  int call = seccomp_syscall_resolve_name(name);
  return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, NULL);
}
// Allows a call only if an argument has none of the bits of `mask`.
static inline int ingestd_seccomp_allow_without(
    scmp_filter_ctx filter, const char *name, unsigned argument, unsigned long long mask) {
  struct scmp_arg_cmp compare = {argument, SCMP_CMP_MASKED_EQ, mask, 0};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, &compare);
}
// Allows a call only if an argument has exactly this value.
static inline int ingestd_seccomp_allow_equal(
    scmp_filter_ctx filter, const char *name, unsigned argument, unsigned long long value) {
  struct scmp_arg_cmp compare = {argument, SCMP_CMP_EQ, value, 0};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, &compare);
}
enum { ingestd_prot_exec = PROT_EXEC };
