/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capture --script: what the rules can ask for, filled into the skeleton of a script (schemas/script/capture.sh). */
#include "cli/script.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/capture.h"
#include "cli/rules.h"

#include <errno.h>
#include <string.h>

enum { SKELETON_LIMIT = 1024 * 1024 };

static const char skeleton_name[] = "script/capture.sh";
/* In the order in which they stand there. */
static const char settings_mark[] = "@SETTINGS@\n", refused_mark[] = "@REFUSED@", asked_mark[] = "    @ASKED@\n";

static bool has_marks(const char *text)
{
    const char *settings = strstr(text, settings_mark);
    const char *refused = settings ? strstr(settings, refused_mark) : NULL;

    return refused && strstr(refused, asked_mark);
}

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
    if (!error && has_marks(text))
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

/* Adds text up to a mark; what is behind it is next. */
static const char *add_until(struct buf *out, const char *text, const char *mark)
{
    const char *found = strstr(text, mark);

    buf_add_n(out, text, (size_t)(found - text));
    return found + strlen(mark);
}

/* An hvprobe that would do the same may; with parameters the rules look at what nobody else does. */
static void add_settings(struct buf *out, struct session *session)
{
    buf_add(out, "quiet=yes\n");
    if (!invocation_has(session->invocation, "D"))
        buf_printf(out, "version='hvprobe " HVPROBE_VERSION "'\nrules=%s\noptions=%s\n", rules_digest(session),
                   invocation_has(session->invocation, "exec") ? "--exec" : "");
}

static void fill(struct buf *out, struct session *session, const char *skeleton, bool remote)
{
    struct map paths = {0};

    skeleton = add_until(out, skeleton, settings_mark);
    if (remote)
        add_settings(out, session);
    skeleton = add_until(out, skeleton, refused_mark);
    add_refused(out, session);
    skeleton = add_until(out, skeleton, asked_mark);
    script_asked(session->arena, session->rules, &paths);
    script_write(out, &paths, "    ");
    buf_add(out, skeleton);
}

enum status script_add(struct invocation *invocation, bool remote, struct buf *out)
{
    struct session session;
    enum status status = session_open(&session, invocation, SESSION_RULES, NULL);

    if (status != STATUS_OK)
        return status;
    const char *skeleton = read_skeleton(session.arena);
    if (skeleton)
        fill(out, &session, skeleton, remote);
    if (skeleton && remote)
        session.diagnostics = (struct diagnostics){.arena = session.arena};
    return session_close(&session, skeleton ? STATUS_OK : STATUS_BROKEN_RULE);
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

    if (invocation_has(invocation, "redact")) {
        complain("a script cannot redact; redact what it took: hvprobe --snapshot FILE.tar capture --redact");
        return STATUS_USAGE;
    }
    const enum status status = script_add(invocation, false, &out);
    return out.length ? status_worst(status, write_script(invocation, &out)) : status;
}
