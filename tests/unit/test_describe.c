/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking the rules of this tree what a machine type is. Runs at the top of the tree. */
#include "facts/describe.h"
#include "rules/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the ones above */
#include <cmocka.h>
#include <setjmp.h>
#include <stdarg.h>

static int load(void **state)
{
    static const char *const layers[] = {"rules", NULL};
    static const char *const documents[] = {"machines", NULL};
    struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const struct load_options options = {.layers = layers, .documents = documents};

    *state = rules_load(&options, &hvprobe_vocabulary, &diagnostics);
    const bool clean = diagnostics.errors == 0;
    arena_free(arena);
    return clean ? 0 : -1;
}

static int unload(void **state)
{
    rule_set_free(*state);
    return 0;
}

static void describes_machines(void **state)
{
    struct arena *arena = arena_new();

    assert_string_equal(machine_description(*state, "q35", NULL, arena), "Standard PC with Q35 chipset");
    assert_string_equal(machine_description(*state, "q35", "C", arena), "Standard PC with Q35 chipset");
    assert_string_equal(machine_description(*state, "q35", "", arena), "Standard PC with Q35 chipset");
    assert_string_equal(machine_description(*state, "q35", "tlh", arena), "Standard PC with Q35 chipset");
    assert_string_equal(machine_description(*state, "pc-q35-9.2", "de_AT.UTF-8", arena),
                        "Standard-PC mit Q35-Chipsatz, Version 9.2");
    assert_null(machine_description(*state, "frobnicator", "de", arena));
    assert_null(machine_description(*state, "", "de", arena));
    arena_free(arena);
}

static void asks_facts(void **state)
{
    struct arena *arena = arena_new();
    const struct run_options options = {.lang = "fr"};

    assert_string_equal(fact_text(*state, "machine", "language", &options, arena), "fr");
    assert_null(fact_text(*state, "machine", "frobnicator", &options, arena));
    assert_null(fact_text(*state, "frobnicator", "language", &options, arena));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(describes_machines), cmocka_unit_test(asks_facts)};
    return cmocka_run_group_tests(tests, load, unload);
}
