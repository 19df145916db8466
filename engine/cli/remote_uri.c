/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hosts as other tools' URIs name them. Nothing in them may become an option of ssh, or a word of a shell. */
#include "base/text.h"
#include "cli/remote.h"

#include <string.h>

enum { PORT_MOST = 65535 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";

static bool consists_of(const char *text, const char *others)
{
    for (; *text; text++)
        if (!strchr(letters, *text) && !strchr(digits, *text) && !strchr(others, *text))
            return false;
    return true;
}

/* [anything+]ssh:// ; NULL: another scheme. */
static const char *behind_scheme(const char *uri)
{
    const char *end = strstr(uri, "://");
    const char *scheme = uri;

    for (const char *plus; (plus = strchr(scheme, '+')) && end && plus < end;)
        scheme = plus + 1;
    return end && end - scheme == 3 && strncmp(scheme, "ssh", 3) == 0 ? end + 3 : NULL;
}

static const char *take_port(const char *text, struct remote *remote)
{
    int64_t number;

    if (*text == '\0')
        return NULL;
    remote->port = text + 1;
    if (*text == ':' && !remote->port[strspn(remote->port, digits)] && text_number(remote->port, &number) &&
        number > 0 && number <= PORT_MOST)
        return NULL;
    return "a port is a number from 1 to 65535";
}

/* An IPv6 address stands in brackets. */
static const char *take_host(struct arena *arena, const char *text, struct remote *remote)
{
    const bool bracket = *text == '[';
    const char *start = text + bracket;
    const size_t length = strcspn(start, bracket ? "]" : ":");

    if (bracket && start[length] != ']')
        return "the bracket before the address is not closed";
    remote->host = arena_strndup(arena, start, length);
    if (length == 0)
        return "there is no host in it";
    if (remote->host[0] == '-')
        return "the name of a host does not begin with -";
    if (!consists_of(remote->host, bracket ? ":.%-_" : ".-_"))
        return "a host's name has letters, digits, ., - and _";
    return take_port(start + length + bracket, remote);
}

const char *remote_parse(struct arena *arena, const char *uri, struct remote *ret_remote)
{
    const char *rest = behind_scheme(uri);

    *ret_remote = (struct remote){0};
    if (!rest)
        return "it should be ssh://[USER@]HOST[:PORT], also with anything+ before ssh and a path behind, which count "
               "for nothing";
    const char *authority = arena_strndup(arena, rest, strcspn(rest, "/?#"));
    const char *at = strrchr(authority, '@');
    if (!at)
        return take_host(arena, authority, ret_remote);
    ret_remote->user = arena_strndup(arena, authority, (size_t)(at - authority));
    if (!*ret_remote->user || ret_remote->user[0] == '-' || !consists_of(ret_remote->user, ".-_+@\\"))
        return "the name of a user has letters, digits, ., -, _ and +, and does not begin with -";
    return take_host(arena, at + 1, ret_remote);
}
