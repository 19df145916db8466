/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digest against vectors of RFC 7693's function with 32 bytes (from Python's hashlib.blake2b). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 300 };

static const struct {
    size_t length;
    const char *digest;
} vectors[] = {
    {0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
    {128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1"},
    {LONGEST, "940563f11807c8ba3192299e05cf544b82463742c8a5e80c2a5d81751cd8b0ca"},
};

static void assert_digest(struct digest digest, const char *expected)
{
    char text[2 * DIGEST_SIZE + 1];
    for (unsigned i = 0; i < DIGEST_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", digest.bytes[i]);
    assert_string_equal(text, expected);
}

static void test_vectors(void **state)
{
    char text[LONGEST];
    (void)state;
    for (unsigned i = 0; i < LONGEST; i++)
        text[i] = (char)(i % 251);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
        assert_digest(digest_of(text, vectors[i].length), vectors[i].digest);
    assert_digest(digest_of("abc", 3), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* However a text is cut, its digest is one. */
static void test_pieces(void **state)
{
    char text[LONGEST];
    (void)state;
    memset(text, 'x', sizeof(text));
    const struct digest whole = digest_of(text, sizeof(text));
    for (size_t first = 0; first <= LONGEST; first++) {
        struct digesting digesting;
        digest_start(&digesting);
        digest_add(&digesting, text, first);
        digest_add(&digesting, text + first, (LONGEST - first) / 2);
        digest_add(&digesting, text, LONGEST - first - (LONGEST - first) / 2);
        const struct digest pieces = digest_end(&digesting);
        assert_memory_equal(&pieces, &whole, sizeof(whole));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
