/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rules may ask of this machine: the list, how devices and files are known, and what holds without a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/consent.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char list[] = "requests:\n"
                           "  - {device: /dev/null, driver: mem/null, number: '1:3', request: 0x1234}\n"
                           "  - {device: /dev/null, driver: mem/null, number: '1:3', request: 0x1235, argument: any}\n"
                           "  - {device: /dev/null, driver: mem/null, number: '1:3', request: 0x1236, argument: 7}\n"
                           "  - {device: /dev/gone, driver: misc/gone, number: '4094:7', request: 0x1234}\n"
                           "files:\n"
                           "  - {filesystem: proc, magic: 0x9fa0, below: /proc, names: [kmsg, 'zone*']}\n";

struct fixture {
    struct arena *arena;
    char directory[32];
    const char *path;
    struct consent *consent;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(), .directory = "/tmp/hvprobe-consent-XXXXXX"};
    assert_non_null(mkdtemp(fixture.directory));
    fixture.path = arena_printf(fixture.arena, "%s/list.yaml", fixture.directory);
    assert_int_equal(file_write(fixture.path, list, strlen(list), 0600), 0);
    fixture.consent = consent_open(fixture.arena, fixture.path, NULL);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    rmdir(fixture->directory);
    arena_free(fixture->arena);
    return 0;
}

static void test_requests(void **state)
{
    struct consent *consent = ((struct fixture *)*state)->consent;
    const dev_t null = makedev(1, 3), zero = makedev(1, 5);
    assert_int_equal(consent_request(consent, null, 0x1234, 0), 0);
    assert_int_equal(consent_request(consent, null, 0x1234, 1), -ECANCELED);
    assert_int_equal(consent_request(consent, null, 0x1235, 0), 0);
    assert_int_equal(consent_request(consent, null, 0x1235, 65535), 0);
    assert_int_equal(consent_request(consent, null, 0x1236, 7), 0);
    assert_int_equal(consent_request(consent, null, 0x1236, 0), -ECANCELED);
    assert_int_equal(consent_request(consent, null, 0x4c80, 213), -ECANCELED);
    assert_int_equal(consent_request(consent, zero, 0x1234, 0), -ECANCELED);
    if (access("/sys/dev/char", F_OK) == 0)
        assert_int_equal(consent_request(consent, makedev(4094, 7), 0x1234, 0), -ENODEV);
    assert_int_equal(consent_request(consent, makedev(4094, 8), 0x1234, 0), -ECANCELED);
}

static int may_read(struct consent *consent, const char *path)
{
    const int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    assert_int_not_equal(fd, -1);
    assert_int_equal(fstat(fd, &status), 0);
    const int error = consent_file(consent, fd, path, &status);
    close(fd);
    return error;
}

static void test_files(void **state)
{
    struct fixture *fixture = *state;
    const char *link = arena_printf(fixture->arena, "%s/link", fixture->directory);
    assert_int_equal(may_read(fixture->consent, "/proc/version"), 0);
    assert_int_equal(may_read(fixture->consent, "/proc/zoneinfo"), -ECANCELED); /* by pattern */
    assert_int_equal(may_read(fixture->consent, fixture->path), 0);
    assert_int_equal(symlink("/proc/zoneinfo", link), 0);
    assert_int_equal(may_read(fixture->consent, link), -ECANCELED);
    unlink(link);
    if (access("/proc/kmsg", F_OK) == 0) {
        assert_int_equal(may_read(fixture->consent, "/proc/kmsg"), -ECANCELED);
        assert_int_equal(may_read(fixture->consent, "/proc/self/root/proc/kmsg"), -ECANCELED);
    }
}

/* What cannot be read allows least. */
static void check_least(struct consent *consent)
{
    assert_int_equal(consent_request(consent, makedev(1, 3), 0x1234, 0), -ECANCELED);
    assert_int_equal(may_read(consent, "/proc/version"), 0);
    assert_int_equal(may_read(consent, "/proc/self/mem"), -ECANCELED);
}

static void test_no_list(void **state)
{
    struct fixture *fixture = *state;
    check_least(NULL);
    check_least(consent_open(fixture->arena, "/none/such", NULL));
    assert_int_equal(file_write(fixture->path, "requests: [", 11, 0600), 0);
    check_least(consent_open(fixture->arena, fixture->path, NULL));
    assert_int_equal(file_write(fixture->path, "[x]", 3, 0600), 0);
    check_least(consent_open(fixture->arena, fixture->path, NULL));
    static const char odd[] = "requests: {a: [b]}\nfiles: [a, [b], {magic: []}, {magic: 0x9fa0, names: x},\n  {magic: "
                              "0x9fa0, names: [[x], {a: b}]}]\n";
    assert_int_equal(file_write(fixture->path, odd, strlen(odd), 0600), 0);
    assert_int_equal(consent_request(consent_open(fixture->arena, fixture->path, NULL), makedev(1, 3), 0, 0),
                     -ECANCELED);
    assert_int_equal(may_read(consent_open(fixture->arena, fixture->path, NULL), "/proc/version"), 0);
}

/* What was kept of the list in an earlier run says the same. */
static void test_kept(void **state)
{
    enum { LONG_ENOUGH = 3 };
    struct fixture *fixture = *state;
    const char *path = arena_printf(fixture->arena, "%s/kept", fixture->directory);
    sleep(LONG_ENOUGH); /* of a file that may yet change without showing nothing is kept */
    for (int i = 0; i < 3; i++) {
        struct store *store = store_open(fixture->arena, path, "test");
        fixture->consent = consent_open(fixture->arena, fixture->path, store);
        test_requests(state);
        store_save(store);
        assert_int_equal(access(path, F_OK), 0);
        assert_int_equal(may_read(fixture->consent, "/proc/zoneinfo"), -ECANCELED);
    }
    unlink(path);
}

static void test_lint(void **state)
{
    struct consent *consent = ((struct fixture *)*state)->consent;
    assert_true(consent_lint_request(consent, "/dev/null", 0x1234, 0));
    assert_true(consent_lint_request(consent, NULL, 0x1236, -1));
    assert_false(consent_lint_request(consent, "/dev/zero", 0x1234, 0));
    assert_false(consent_lint_request(consent, "/dev/null", 0x1234, 1));
    assert_true(consent_lint_request(NULL, "/dev/zero", 0x1234, 0)); /* without a list nothing is known to be wrong */
    assert_false(consent_lint_file(consent, "/proc/kmsg"));
    assert_true(consent_lint_file(consent, "/proc/kmsgs"));
    assert_true(consent_lint_file(consent, "/var/kmsg"));
    assert_true(consent_lint_file(NULL, "/proc/kmsg"));
}

#define FIXED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {FIXED(test_requests), FIXED(test_files), FIXED(test_no_list), FIXED(test_lint),
                                       FIXED(test_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
