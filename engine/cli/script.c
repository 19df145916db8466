/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capture --script: what the rules can ask for, filled into the skeleton of a script (schemas/script/capture.sh). */
#include "cli/script.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/capture.h"

#include <errno.h>
#include <string.h>

enum { SKELETON_LIMIT = 1024 * 1024 };

static const char skeleton_name[] = "script/capture.sh";
static const char asked_mark[] = "    @ASKED@\n", refused_mark[] = "@REFUSED@";

/* The skeleton of the strongest schema directory that has one; NULL after a complaint. */
static const char *read_skeleton(struct arena *arena)
{
    const char *path = skeleton_name;
    char *text = NULL;
    size_t length = 0;
    int error = -ENOENT;

    for (const char *const *directory = schema_directories(arena); *directory && error == -ENOENT; directory++) {
        path = arena_printf(arena, "%s/%s", *directory, skeleton_name);
        error = file_read(arena, path, SKELETON_LIMIT, &text, &length);
    }
    if (!error && strstr(text, asked_mark) && strstr(text, refused_mark))
        return text;
    complain("%s: %s", path,
             error ? file_error(error) : "is no skeleton of this version: what to ask for has no place in it");
    return NULL;
}

static void add_refused(struct buf *out, struct session *session)
{
    const struct vec patterns =
        consent_file_patterns(session_consent(session->arena, session->book.store), session->arena);

    for (size_t i = 0; i < patterns.count; i++)
        buf_printf(out, "%s%s", i ? " | " : "", (const char *)patterns.items[i]);
    buf_add(out, patterns.count ? "" : "/proc/*");
}

/* Fills in both marks, of which the one that is refused comes first. */
static void fill(struct buf *out, struct session *session, const char *skeleton)
{
    const char *refused = strstr(skeleton, refused_mark), *asked = strstr(refused, asked_mark);
    struct map paths = {0};

    buf_add_n(out, skeleton, (size_t)(refused - skeleton));
    add_refused(out, session);
    refused += strlen(refused_mark);
    buf_add_n(out, refused, (size_t)(asked - refused));
    script_asked(session->arena, session->rules, &paths);
    script_write(out, &paths, "    ");
    buf_add(out, asked + strlen(asked_mark));
}

static enum status write_script(const struct invocation *invocation, const struct buf *out)
{
    const char *path = invocation_value(invocation, "output");

    if (!path)
        return output(out, STATUS_OK);
    const int error = file_write(path, out->data, out->length, 0777);
    if (error)
        complain("%s: cannot be written: %s", path, file_error(error));
    return error ? STATUS_FAILED : STATUS_OK;
}

enum status capture_script(struct invocation *invocation)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    struct session session;
    enum status status = session_open(&session, invocation, SESSION_RULES, NULL);

    if (status != STATUS_OK)
        return status;
    const char *skeleton = read_skeleton(session.arena);
    if (!skeleton)
        return session_close(&session, STATUS_BROKEN_RULE);
    fill(&out, &session, skeleton);
    status = write_script(invocation, &out);
    return session_close(&session, status);
}
