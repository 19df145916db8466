/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source exec: what a program prints. Unknown unless --exec allows it. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <errno.h>

enum { ARGUMENT_EXEC, ARGUMENT_INPUT };

static const char *const columns[] = {"text", "status", NULL};

static const struct field fields[] = {
    {"exec", FIELD_TEMPLATES, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL,
     "the program's absolute path, then its arguments; no shell", NULL},
    {"input", FIELD_TEMPLATE, 0, NULL, "what the program reads on its standard input; nothing unless given", NULL},
    {0},
};

static enum verdict failed(struct probe *probe, const struct root_exec *request, int error)
{
    const char *program = request->argv[0];

    if (error == -ETIMEDOUT) {
        probe_note(probe, program, "timed out");
        return probe_unknown(probe, "%s: did not end within %u s", program, request->timeout);
    }
    if (error == -EFBIG) {
        probe_refuse(probe, "%s: printed more than the limit", program);
        return VERDICT_UNKNOWN;
    }
    if (error == -ENOMEM) {
        probe_refuse(probe, "%s: took more memory than the limit", program);
        return VERDICT_UNKNOWN;
    }
    return probe_error_live(probe, program, error);
}

/* The output is a column only where no extract reads it: rows of objects found in it should not inherit it. */
static enum verdict add_output(struct probe *probe, const struct root_exec_result *result)
{
    struct item *item = probe_item(probe);

    if (!item)
        return VERDICT_UNKNOWN;
    item->text = result->output ? result->output : "";
    item->length = result->length;
    item->row->path = probe->arguments[ARGUMENT_EXEC].texts[0];
    if (!probe->fact->extract)
        row_set(probe->arena, item->row, "text", text_sanitise(probe->arena, item->text, item->length));
    row_set(probe->arena, item->row, "status", arena_printf(probe->arena, "%d", result->status));
    return VERDICT_YES;
}

static enum verdict eval(struct probe *probe)
{
    const struct argument *words = &probe->arguments[ARGUMENT_EXEC];
    struct vec argv = {0};
    struct root_exec request = {.input = probe->arguments[ARGUMENT_INPUT].text};
    struct root_exec_result result = {0};
    int error;

    if (!probe->exec_allowed)
        return probe_unknown(probe, "programs are run only with --exec");
    if (!probe_absolute(probe, words->count ? words->texts[0] : ""))
        return VERDICT_UNKNOWN;
    for (size_t i = 0; i < words->count; i++)
        vec_push(probe->arena, &argv, words->texts[i]);
    vec_push(probe->arena, &argv, NULL);
    request.argv = (const char *const *)argv.items;
    request.timeout = probe->timeout ? probe->timeout : PROGRAM_SECONDS;
    error = root_exec(probe->root, probe->arena, &request, &result);
    if (error)
        return failed(probe, &request, error);
    probe_note(probe, words->texts[0], "status %d, %zu bytes", result.status, result.length);
    return add_output(probe, &result);
}

const struct source_kind source_exec = {
    .name = "exec",
    .help = "Runs a program, only with --exec; an extract works on what it prints.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT,
    .eval = eval,
};
