/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks: a table for people, a document for programs, TAP for test harnesses. The status says whether something fails.
 */
#include "base/text.h"
#include "cli/command.h"

static const struct option_kind options[] = {
    {"columns", 0, "NAMES", "show these columns, comma-separated", false},
    {"driver", 0, "DRIVER", "only checks of this driver, and of rules without one", true},
    {"format", 0, "FORMAT", "table (default), lines, tap, json, yaml or xml", false},
    {NULL, 0, NULL, NULL, false},
};

/* One <check>. */
struct result {
    const char *rule, *result, *title, *reason, *hint; /* the last two may be NULL */
};

/* Empty: not there. Line breaks would end a line of the report. */
static const char *text_at(struct questioner *questioner, xmlNode *node, const char *xpath)
{
    struct xpath_result found = {0};
    const char *error = NULL;
    if (!question(questioner, node, xpath, NULL, &found, &error) || !found.text || !*found.text)
        return NULL;
    return found.text;
}

static struct result read_result(struct questioner *questioner, xmlNode *node)
{
    return (struct result){
        .rule = text_at(questioner, node, "@rule"),
        .result = text_at(questioner, node, "@result"),
        .title = text_at(questioner, node, "normalize-space(translate(title, '#', ' '))"),
        .reason = text_at(questioner, node, "normalize-space(translate(reason, '#', ' '))"),
        .hint = text_at(questioner, node, "normalize-space(translate(hint, '#', ' '))"),
    };
}

/* How a result is told to a harness: a TODO may fail, a SKIP could not be tried. */
static const struct {
    const char *result;
    const char *word;
    const char *directive; /* NULL: none */
} tap_words[] = {
    {"pass", "ok", NULL},           {"fail", "not ok", NULL},      {"warn", "not ok", " # TODO "},
    {"note", "not ok", " # TODO "}, {"unknown", "ok", " # SKIP "},
};

static void write_tap_line(struct buf *out, size_t number, const struct result *result)
{
    size_t kind = 0;
    while (kind + 1 < ARRAY_SIZE(tap_words) && !text_equal(tap_words[kind].result, result->result))
        kind++;
    const char *directive = tap_words[kind].directive;
    const char *advice = result->hint ? result->hint : result->reason;
    buf_printf(out, "%s %zu - %s: %s", tap_words[kind].word, number, result->rule, result->title);
    if (directive)
        buf_printf(out, "%s%s", directive, advice ? advice : result->result);
    buf_char(out, '\n');
    if (!directive && result->reason)
        buf_printf(out, "# %s\n", result->reason);
    if (!directive && result->hint)
        buf_printf(out, "# hint: %s\n", result->hint);
}

static void write_tap(struct buf *out, struct questioner *questioner, const struct xpath_result *checks)
{
    buf_printf(out, "TAP version 13\n1..%zu\n", checks->count);
    for (size_t i = 0; i < checks->count; i++) {
        const struct result result = read_result(questioner, checks->nodes[i]);
        write_tap_line(out, i + 1, &result);
    }
}

static enum status show_table(struct session *session, const struct document *document)
{
    struct grid grid = {0};
    const char *error = NULL;
    if (!view_grid(session->arena, session->invocation->view, document->xml, NULL, 0, chosen_columns(session->invocation), &grid, &error)) {
        complain("%s", error);
        return STATUS_USAGE;
    }
    return output_grid(session, &grid, "table");
}

static enum status show(struct session *session, const struct document *document, struct questioner *questioner,
                        const struct xpath_result *checks)
{
    const char *format = invocation_value(session->invocation, "format");
    if (text_equal(format, "tap")) {
        AUTO(buf_free) struct buf out = BUF_INIT;
        write_tap(&out, questioner, checks);
        return output(&out, STATUS_OK);
    }
    return text_equal(format, "xml") ? output_document(session, document) : show_table(session, document);
}

static bool any_failed(struct questioner *questioner, const struct xpath_result *checks)
{
    for (size_t i = 0; i < checks->count; i++)
        if (text_equal(text_at(questioner, checks->nodes[i], "@result"), "fail"))
            return true;
    return false;
}

static enum status check(struct session *session)
{
    struct xpath_result checks = {0};
    const char *error = NULL;
    enum status status;
    const struct document *document = session_document(session, CHECKS_DOCUMENT, &status);
    if (!document)
        return status;
    struct questioner *questioner = questioner_new(session->arena, document->xml);
    if (!question(questioner, NULL, "/checks/check", NULL, &checks, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    status = show(session, document, questioner, &checks);
    return status == STATUS_OK && any_failed(questioner, &checks) ? STATUS_NO : status;
}

static enum status run(struct invocation *invocation)
{
    static const char *const documents[] = {CHECKS_DOCUMENT, NULL};
    bool named = invocation->word_count > 0;
    unsigned needs = SESSION_RULES | SESSION_ROOT | (named ? SESSION_NAMED : SESSION_LEAN);
    struct session session;
    enum status status = session_open(&session, invocation, needs, named ? NULL : documents);
    if (status != STATUS_OK)
        return status;
    session.document_options.rules = named ? invocation->words : NULL;
    for (const char *const *word = session.document_options.rules; status == STATUS_OK && word && *word; word++)
        session_rule(&session, *word, &status);
    return session_close(&session, status == STATUS_OK ? check(&session) : status);
}

extern const struct command command_checks;
const struct command command_checks = {"checks", "[RULE...]", "is this host ready, and if not, what to do",
                                       options,  "checks",    run};
