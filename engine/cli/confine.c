/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * no_new_privs, Landlock and seccomp by system call: the filter is forty comparisons, for which a library would take as
 * long to load as all else. Formats: linux/landlock.h, linux/seccomp.h,
 * Documentation/userspace-api/{landlock,seccomp_filter}.rst.
 */
#include "cli/confine.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || HAS_FEATURE(address_sanitizer) ||                 \
    HAS_FEATURE(thread_sanitizer) || HAS_FEATURE(memory_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static int is_watcher(struct dl_phdr_info *library, size_t size, void *data)
{
    (void)size;
    (void)data;
    return strstr(library->dlpi_name, "/vgpreload_") != NULL;
}

bool confine_is_watched(void)
{
    return SANITIZED || dl_iterate_phdr(is_watcher, NULL) != 0;
}

/* --- Landlock: what no header of the oldest supported release has is written out here. --- */

enum { RIGHTS_OF_ONE = 13 }; /* Version 1 knows execute and twelve more */
#define RIGHT(number)  (1ULL << (number))
#define RIGHT_READ     (RIGHT(2) | RIGHT(3)) /* files, directories */
#define RIGHT_EXECUTE  RIGHT(0)
#define RIGHT_REFER    RIGHT(13) /* since version 2: to move between directories */
#define RIGHT_TRUNCATE RIGHT(14) /* since version 3 */

struct ruleset {
    uint64_t handled;
};

struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t directory;
};

#ifdef SYS_landlock_create_ruleset
/* Reading is not handled, so that it needs no rule: secrets cannot leave without sockets and files to write. */
static uint64_t handled_rights(int version)
{
    uint64_t rights = (RIGHT(RIGHTS_OF_ONE) - 1) & ~RIGHT_READ;

    rights |= version >= 2 ? RIGHT_REFER : 0;
    rights |= version >= 3 ? RIGHT_TRUNCATE : 0;
    return rights;
}

static void allow_below(int ruleset, const char *path, uint64_t rights)
{
    struct path_rule rule = {.allowed = rights & ~RIGHT_EXECUTE,
                             .directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};

    if (rule.directory < 0)
        return;
    syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0);
    close(rule.directory);
}

static int restrict_files(const char *const *writable)
{
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1U);
    const struct ruleset rights = {version > 0 ? handled_rights((int)version) : 0};
    const int ruleset = version > 0 ? (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0U) : -1;

    if (ruleset < 0)
        return 0;
    for (; *writable; writable++)
        allow_below(ruleset, *writable, rights.handled);
    const long result = syscall(SYS_landlock_restrict_self, ruleset, 0U);
    close(ruleset);
    return result == 0 ? (int)version : 0;
}
#else
static int restrict_files(const char *const *writable)
{
    (void)writable;
    return 0;
}
#endif

/* --- seccomp --- */

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define NATIVE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define NATIVE AUDIT_ARCH_ARM
#elif defined(__s390x__)
#define NATIVE AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE AUDIT_ARCH_PPC64LE
#elif defined(__powerpc64__)
#define NATIVE AUDIT_ARCH_PPC64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE AUDIT_ARCH_RISCV64
#endif

/* What an observer has no use for. Other calls that come with new kernels mostly need one of these first. */
static const unsigned short denied[] = {
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
#ifdef SYS_socketcall
    SYS_socketcall,
#endif
#ifdef SYS_socket
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept4,
#endif
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_swapon,
    SYS_swapoff,
#ifdef SYS_move_mount
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
#endif
#ifdef SYS_mount_setattr
    SYS_mount_setattr,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
#endif
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_open_by_handle_at,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_acct,
    SYS_quotactl,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_personality,
    SYS_mknodat,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl,
    SYS_ioperm,
#endif
};

#ifdef NATIVE
enum { HEAD = 4, FOREIGN_CALLS = 0x40000000 /* x32's numbers, which no other architecture has */ };
/* Numbers that are compared one after the other. The kernel tries each call that there is when a filter is put on. */
enum { GROUP = 8, GROUP_CODE = GROUP + 3, GROUPS = (ARRAY_SIZE(denied) + GROUP - 1) / GROUP };

static const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
static const struct sock_filter deny = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);

static int compare_numbers(const void *left, const void *right)
{
    return *(const unsigned short *)left - *(const unsigned short *)right;
}

/* Larger numbers go on to the next group; of the others those of this one are denied. */
static struct sock_filter *add_group(struct sock_filter *code, const unsigned short *numbers, unsigned count)
{
    *code++ =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, numbers[count - 1], (unsigned char)(count + 2), 0);
    for (unsigned i = 0; i < count; i++)
        *code++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, numbers[i], (unsigned char)(count - i), 0);
    *code++ = allow;
    *code++ = deny;
    return code;
}

/* The calls of another architecture would have other numbers: they are all denied. */
static bool filter_calls(void)
{
    struct sock_filter code[HEAD + 1 + GROUPS * GROUP_CODE + 1], *end = code;
    unsigned short numbers[ARRAY_SIZE(denied)];
    struct sock_fprog program = {.filter = code};

    memcpy(numbers, denied, sizeof(denied));
    qsort(numbers, ARRAY_SIZE(numbers), sizeof(*numbers), compare_numbers);
    *end++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    *end++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 0, 2);
    *end++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    *end++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_CALLS, 0, 1);
    *end++ = deny;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i += GROUP)
        end = add_group(end, numbers + i, ARRAY_SIZE(numbers) - i < GROUP ? ARRAY_SIZE(numbers) - i : GROUP);
    *end++ = allow;
    program.len = (unsigned short)(end - code);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
}
#else
static bool filter_calls(void)
{
    return false;
}
#endif

struct confinement confine(const char *const *writable)
{
    struct confinement confinement = {.privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0};

    if (!confinement.privileges)
        return confinement;
    confinement.landlock = restrict_files(writable);
    confinement.seccomp = filter_calls();
    return confinement;
}
