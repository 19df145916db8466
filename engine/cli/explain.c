/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the answer is what it is: of this host, of a rule, of a part of a document, or of a message's id. */
#include "base/text.h"
#include "cli/command.h"
#include "test/test.h"

#include <string.h>

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers", true},
    {"all", 0, NULL, "nothing is cut: all rows and whole values; without RULE also rules with nothing to say", false},
    {"case", 0, "DIR", "observe the host of a test case; without RULE, of the case's own rule", false},
    {"document", 0, "NAME", "the document that an XPath looks at; default: capabilities", false},
    {NULL, 0, NULL, NULL, false},
};

enum { WIDTH = 80 };

/* Prose is one long line in the table of messages; examples are short ones. */
static void write_wrapped(struct buf *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length > WIDTH) {
            size_t end = WIDTH;
            while (end > 0 && text[end] != ' ')
                end--;
            length = end ? end : length;
        }
        buf_add_n(out, text, length);
        buf_char(out, '\n');
        text += length + (text[length] != '\0');
    }
}

static enum status explain_diagnostic(const struct diagnostic_kind *kind)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    buf_printf(&out, "%s %s (%s): %s\n\n", kind->id, kind->name, severity_names[kind->severity], kind->summary);
    write_wrapped(&out, kind->explanation);
    return output(&out, STATUS_OK);
}

static enum status output_explanation(const struct session *session, const struct buf *text)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    write_lines_wrapped(&out, buf_text(text), session->writer_options.width);
    return output(&out, STATUS_OK);
}

static enum status explain_nodes(struct session *session, const struct document *document, const char *xpath)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *error = NULL;
    if (!write_node_explanation(&out, session->run, document, xpath, &session->writer_options, &error)) {
        complain("%s", error);
        return STATUS_USAGE;
    }
    return output_explanation(session, &out);
}

/* A rule's id, or an XPath: only the latter has a character that no id has. */
static enum status explain_word(struct session *session, const char *word)
{
    bool is_id = word && text_is_name(word, strlen(word));
    enum status status = STATUS_OK;
    const struct rule *rule = is_id ? session_rule(session, word, &status) : NULL;
    if (status != STATUS_OK)
        return status;
    const char *wanted = invocation_value(session->invocation, "document");
    const char *name = rule ? rule->document : wanted ? wanted : DEFAULT_DOCUMENT;
    const struct document *document = session_document(session, name, &status);
    if (!document)
        return status;
    if (word && !rule)
        return explain_nodes(session, document, word);
    AUTO(buf_free) struct buf out = BUF_INIT;
    write_explanation(&out, session->run, document, rule, &session->writer_options);
    return output_explanation(session, &out);
}

/* ---- a test case's host ---- */

/* What a case says itself. */
static const char *const said_by_case[] = {"root", "snapshot", "host", "arch", "exec", "D", "lang"};

static enum status check_case(const struct invocation *invocation)
{
    for (size_t i = 0; i < ARRAY_SIZE(said_by_case); i++) {
        const char *name = said_by_case[i];
        if (!invocation_has(invocation, name) && !(invocation->arch && text_equal(name, "arch")))
            continue;
        complain("--case says what %s%s would: give one of them", name[1] ? "--" : "-", name);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* Opens the host and run of a case in place of the session's; the rule that it is of, where no word was given. */
static enum status open_case(struct session *session, const char *directory, const char **word)
{
    struct arena *arena = session->arena;
    AUTO(buf_free) struct buf problems = BUF_INIT;
    const struct fixture *fixture = fixture_at(arena, directory);
    if (!fixture) {
        complain("--case %s is no test case: that is a folder with case.yaml, root/, snapshot/ or expect.xml",
                 directory);
        return STATUS_USAGE;
    }
    const struct test_case *test = test_case_load(arena, session->rules, fixture, &problems);
    session->root = test ? test_case_root(arena, test, &problems) : NULL;
    if (!session->root) {
        complain("--case %s: %s", directory, buf_text(&problems));
        return STATUS_NO_ROOT;
    }
    session->run = test_case_run(arena, test, session->rules, session->root, &session->diagnostics);
    *word = *word ? *word : test->rule;
    return STATUS_OK;
}

static enum status explain(struct invocation *invocation)
{
    const char *directory = invocation_value(invocation, "case"), *word = invocation->words[0];
    const unsigned host = directory ? 0 : SESSION_ROOT;
    struct session session;
    enum status status = directory ? check_case(invocation) : STATUS_OK;
    if (status == STATUS_OK)
        status = session_open(&session, invocation, SESSION_RULES | SESSION_TRACE | host, NULL);
    if (status != STATUS_OK)
        return status;
    session.writer_options.all = invocation_has(invocation, "all");
    status = directory ? open_case(&session, directory, &word) : STATUS_OK;
    return session_close(&session, status == STATUS_OK ? explain_word(&session, word) : status);
}

static enum status run(struct invocation *invocation)
{
    const char *word = invocation->words[0];
    const struct diagnostic_kind *kind = word ? diagnostic_find(word) : NULL;
    if (kind)
        return explain_diagnostic(kind);
    if (invocation->word_count > 1) {
        complain("explain takes one rule, XPath or message id, but there is also '%s'", invocation->words[1]);
        return STATUS_USAGE;
    }
    return explain(invocation);
}

extern const struct command command_explain;
const struct command command_explain = {"explain",
                                        "[RULE | XPATH | HVnnn]",
                                        "the answer, what would change it, and what was looked at, found and decided",
                                        options,
                                        NULL,
                                        run,
                                        .writes = "text"};
