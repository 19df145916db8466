/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of snapshot.yaml: what a text says, into the member that its key names. */
#include "root/snapshot_values.h"
#include "base/text.h"
#include "root/errors.h"
#include "root/root.h"
#include "root/snapshot.h"

#include <stdlib.h>
#include <string.h>

static bool is_text(const struct yaml_node *node)
{
    return strlen(node->value) == node->length;
}

static bool parse_path(const struct yaml_node *node, void *target)
{
    *(const char **)target = node->value;
    return is_text(node) && node->value[0] == '/';
}

static bool parse_given(const struct yaml_node *node, void *target)
{
    struct number *number = target;

    number->given = is_text(node) && text_number(node->value, &number->value);
    return number->given;
}

static bool parse_mode(const struct yaml_node *node, void *target)
{
    struct number *number = target;

    number->given = node->length > 0 && strspn(node->value, "01234567") == node->length;
    number->value = number->given ? (int64_t)strtoull(node->value, NULL, 8) : 0;
    return number->given && number->value >= 0 && number->value <= 07777;
}

static bool parse_type(const struct yaml_node *node, void *target)
{
    struct number *number = target;

    for (int type = ROOT_FILE; type <= ROOT_FIFO; type++)
        if (type != ROOT_LINK && text_equal(node->value, root_type_name((enum root_type)type)))
            *number = (struct number){true, type};
    return number->given;
}

static bool parse_access(const struct yaml_node *node, void *target)
{
    *(const char **)target = node->value;
    return strspn(node->value, "rwx") == node->length;
}

static bool parse_error(const struct yaml_node *node, void *target)
{
    struct number *number = target;

    number->value = error_number(node->value);
    number->given = number->value != 0;
    return number->given;
}

#define WHOLE_PATTERN "^[ \\t]*(0[xX][0-9a-fA-F]+|[0-9]+)[ \\t]*$"

const struct shape value_path = {
    .accepts = ACCEPT_TEXT, .text = "an absolute path", .parse = parse_path, .pattern = "^/"};
const struct shape value_number = {.accepts = ACCEPT_TEXT,
                                   .text = "a number",
                                   .parse = parse_given,
                                   .types = "integer string",
                                   .pattern = NUMBER_PATTERN};
const struct shape value_count = {.accepts = ACCEPT_TEXT,
                                  .text = "a number",
                                  .parse = parse_given,
                                  .most = INT64_MAX,
                                  .types = "integer string",
                                  .pattern = WHOLE_PATTERN};
const struct shape value_word = {.accepts = ACCEPT_TEXT,
                                 .text = "a number",
                                 .parse = parse_given,
                                 .most = UINT32_MAX,
                                 .types = "integer string",
                                 .pattern = WHOLE_PATTERN};
const struct shape value_mode = {.accepts = ACCEPT_TEXT,
                                 .text = "permission bits in octal, such as '0660'",
                                 .parse = parse_mode,
                                 .types = "integer string",
                                 .pattern = "^0*[0-7]{1,4}$",
                                 .rest = "\"minimum\": 0, \"maximum\": 7777"};
static const char *const type_names[] = {"file", "dir", "char", "block", "socket", "fifo", NULL}; /* links: root/ */
const struct shape value_type = {.accepts = ACCEPT_TEXT, .choices = type_names, .parse = parse_type};
const struct shape value_access = {
    .accepts = ACCEPT_TEXT, .text = "letters of rwx", .parse = parse_access, .pattern = "^[rwx]*$"};
const struct shape value_error = {.accepts = ACCEPT_TEXT,
                                  .text = "the name of an error, such as EACCES",
                                  .parse = parse_error,
                                  .pattern = "^E[A-Z0-9]+$"};
static const char *const askable[] = {"cpuid", "ioctl", "exec", NULL};
const struct shape value_askable = {.accepts = ACCEPT_TEXT, .choices = askable};
const struct shape value_askables = {
    .accepts = ACCEPT_LIST | ACCEPT_EMPTY, .words = "a list of sections", .items = &value_askable};
static void check_path(struct checker *checker, const struct place *place)
{
    if (place->node->value[0] != '/')
        problem(checker, DIAG_BAD_SNAPSHOT, place->node->at, NULL, "this should be an absolute path");
}

static const struct shape value_unread = {.accepts = ACCEPT_TEXT, .check = check_path, .pattern = "^/"};
const struct shape value_paths = {
    .accepts = ACCEPT_LIST | ACCEPT_EMPTY, .words = "a list of paths", .items = &value_unread};
const struct shape value_words = {.accepts = ACCEPT_LIST, .words = "a list of texts", .items = &shape_text};
