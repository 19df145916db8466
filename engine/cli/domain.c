/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document that is made to measure. When it stays empty another document says why not: the answer is no. */
#include "cli/command.h"

#define WANTED  "domain"
#define REFUSAL "refusal"

static enum status refuse(struct session *session)
{
    enum status status;
    const struct document *refusal = session_document(session, REFUSAL, &status);
    struct xpath_result message = {0};
    const char *error = NULL;
    if (!refusal)
        return status;
    if (!document_xpath(session->arena, refusal->xml, NULL, "string(/*/message)", NULL, &message, &error))
        complain("%s", error);
    else if (message.text && *message.text)
        complain("%s", message.text);
    else
        complain("no rule has written a %s", WANTED);
    return STATUS_NO;
}

static enum status write_domain(struct session *session, const char *schema)
{
    enum status status;
    const struct document *document = session_document(session, WANTED, &status);
    if (!document)
        return status;
    const xmlNode *root = xml_root(document->xml);
    return root && root->children ? output_compatible(session, document, schema) : refuse(session);
}

static enum status run(struct invocation *invocation)
{
    static const char *const documents[] = {WANTED, REFUSAL, NULL};
    const char *schema = NULL;
    struct session session;
    enum status status = compat_schema(invocation, &schema);
    if (status != STATUS_OK)
        return status;
    status = session_open(&session, invocation, SESSION_RULES | SESSION_ROOT | SESSION_LEAN, documents);
    if (status != STATUS_OK)
        return status;
    return session_close(&session, write_domain(&session, schema));
}

static const struct option_kind options[] = {
    {"driver", 0, "DRIVER", "only what this driver offers", true},
    COMPAT_OPTION,
    {NULL, 0, NULL, NULL, false},
};

extern const struct command command_domain;
const struct command command_domain = {
    "domain", "", "a configuration to start from: -D os=, arch=, type=, machine=, name=", options, NULL, run};
