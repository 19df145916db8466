/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers", true},
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

static enum status explain_nodes(struct session *session, const struct document *document, const char *xpath)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *error = NULL;
    if (!write_node_explanation(&out, session->run, document, xpath, &session->writer_options, &error)) {
        complain("%s", error);
        return STATUS_USAGE;
    }
    return output(&out, STATUS_OK);
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
    return output(&out, STATUS_OK);
}

static enum status run(struct invocation *invocation)
{
    const char *word = invocation->words[0];
    const struct diagnostic_kind *kind = word ? diagnostic_find(word) : NULL;
    struct session session;
    if (kind)
        return explain_diagnostic(kind);
    const char *format = invocation_value(invocation, "format");
    if (format) {
        complain("explain has no format '%s'; what it says is text", format);
        return STATUS_USAGE;
    }
    if (invocation->word_count > 1) {
        complain("explain takes one rule, XPath or message id, but there is also '%s'", invocation->words[1]);
        return STATUS_USAGE;
    }
    enum status status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_TRACE, NULL);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, explain_word(&session, word));
}

extern const struct command command_explain;
const struct command command_explain = {
    "explain", "[RULE | XPATH | HVnnn]", "what was looked at, found and decided, and why", options, NULL, run};
