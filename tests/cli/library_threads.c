/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* library_threads ROOT...: eight threads evaluate all roots with one rule set; each gets what one thread alone got. */
#include <hvprobe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 2 };

struct work {
    const hvp_rules *rules;
    char **roots;
    int count;
    char **expected; /* NULL: this thread finds out */
    int start;
    int failures;
};

static char *look(const hvp_rules *rules, const char *root)
{
    hvp_error error;
    hvp_options *options = hvp_options_new();
    hvp_options_set(options, HVP_OPTION_ROOT, root, NULL);
    hvp_options_set(options, HVP_OPTION_ARCH, "x86_64", NULL);
    hvp_options_set(options, HVP_OPTION_TRACE, "yes", NULL);
    hvp_probe *probe = hvp_probe_new(rules, options, &error);
    char *xml = probe ? hvp_probe_document(probe, "capabilities", NULL, &error) : NULL;
    char *checks = probe ? hvp_probe_document(probe, "checks", NULL, &error) : NULL;
    char *why = probe ? hvp_probe_explain(probe, NULL, &error) : NULL;
    char *machine = hvp_machine_description(rules, "pc-q35-7.2", "en");
    char *all = NULL;
    if (asprintf(&all, "%s\n%s\n%s\n%s\n", xml ? xml : error.message, checks ? checks : error.message,
                 why ? why : error.message, machine ? machine : "-") < 0)
        abort();
    hvp_free(xml);
    hvp_free(checks);
    hvp_free(why);
    hvp_free(machine);
    hvp_probe_free(probe);
    hvp_options_free(options);
    return all;
}

static void *run(void *data)
{
    struct work *work = data;
    for (int i = 0; i < work->count * ROUNDS; i++) {
        int at = (work->start + i) % work->count;
        char *text = look(work->rules, work->roots[at]);
        if (strcmp(text, work->expected[at]) != 0)
            work->failures++;
        free(text);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    hvp_error error;
    hvp_rules *rules = hvp_rules_load(NULL, &error);
    hvp_rules *fresh =
        hvp_rules_load(NULL, &error); /* nothing was asked of these: what is made on first use is made by threads */
    if (!rules || !fresh || argc < 2) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    char **expected = calloc((size_t)argc, sizeof *expected);
    for (int i = 1; expected && i < argc; i++)
        expected[i - 1] = look(rules, argv[i]);
    pthread_t threads[THREADS];
    struct work work[THREADS];
    int failures = 0;
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){fresh, argv + 1, argc - 1, expected, i, 0};
        if (pthread_create(&threads[i], NULL, run, &work[i]) != 0)
            return 2;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failures += work[i].failures;
    }
    for (int i = 1; i < argc; i++)
        free(expected[i - 1]);
    free(expected);
    hvp_rules_free(fresh);
    hvp_rules_free(rules);
    printf("%d roots, %d threads, %d differ\n", argc - 1, THREADS, failures);
    return failures != 0;
}
