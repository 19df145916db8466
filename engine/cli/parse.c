/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line. Which options there are depends on the command, so that is found first. */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

/* Every option that may be given, in one table. */
struct option_table {
    struct arena *arena;
    struct vec options; /* of struct option_kind */
};

static void add_options(struct option_table *table, const struct option_kind *options)
{
    for (; options && (options->name || options->letter); options++)
        vec_push(table->arena, &table->options, options);
}

static void add_view_options(struct option_table *table, const struct view *view)
{
    for (size_t i = 0; view && i < view->filter_count; i++) {
        const struct view_filter *filter = &view->filters[i];
        struct option_kind *option = arena_new_object(table->arena, struct option_kind);
        option->name = filter->option;
        option->argument = filter->argument;
        option->help = filter->help;
        option->repeat = true;
        vec_push(table->arena, &table->options, option);
    }
}

/* The first that fits wins: a command's own option hides a global one of its name. */
static const struct option_kind *find_option(const struct option_table *table, const char *word, size_t length)
{
    for (size_t i = 0; i < table->options.count; i++) {
        const struct option_kind *option = table->options.items[i];
        bool is_letter = word[0] == '-' && word[1] != '-' && option->letter == word[1];
        bool is_name = word[0] == '-' && word[1] == '-' && option->name && strlen(option->name) == length - 2 &&
                       strncmp(option->name, word + 2, length - 2) == 0;
        if (is_letter || is_name)
            return option;
    }
    return NULL;
}

static enum status unknown_option(const struct option_table *table, const char *word)
{
    const char **names = arena_alloc(table->arena, (table->options.count + 1) * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < table->options.count; i++) {
        const struct option_kind *option = table->options.items[i];
        if (option->name)
            names[count++] = option->name;
    }
    const char *bare = arena_strndup(table->arena, word, strcspn(word, "="));
    const char *nearest = text_nearest(bare + strspn(bare, "-"), names, count);
    if (nearest)
        complain("there is no option '%s'; did you mean '--%s'?", bare, nearest);
    else
        complain("there is no option '%s'; try 'hvprobe --help'", bare);
    return STATUS_USAGE;
}

static const char *option_key(struct arena *arena, const struct option_kind *option)
{
    return option->name ? option->name : arena_printf(arena, "%c", option->letter);
}

static void remember(struct invocation *invocation, const struct option_kind *option, const char *value)
{
    struct filter_value *given = arena_new_object(invocation->arena, struct filter_value);
    given->option = option_key(invocation->arena, option);
    given->value = value;
    vec_push(invocation->arena, &invocation->given, given);
}

/* One option word; advances past a separate argument. */
static enum status take_option(struct invocation *invocation, const struct option_table *table, char ***argv)
{
    const char *word = **argv;
    size_t length = strcspn(word, "=");
    const struct option_kind *option = find_option(table, word, length);
    if (!option)
        return unknown_option(table, word);
    bool is_letter = word[1] != '-';
    const char *attached = is_letter ? (word[2] ? word + 2 : NULL) : (word[length] ? word + length + 1 : NULL);
    if (!option->argument && attached) {
        complain("option '%.*s' takes no argument", (int)length, word);
        return STATUS_USAGE;
    }
    if (option->argument && !attached) {
        attached = *++*argv;
        if (!attached) {
            --*argv;
            complain("option '%s' needs an argument: %s", word, option->argument);
            return STATUS_USAGE;
        }
    }
    remember(invocation, option, attached);
    return STATUS_OK;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* Options of all commands: before the command is known, they tell which words are arguments. */
static struct option_table any_options(struct arena *arena)
{
    struct option_table table = {arena, {0}};
    add_options(&table, global_options);
    for (const struct command *const *command = commands; *command; command++)
        add_options(&table, (*command)->options);
    return table;
}

/* The first word that is neither an option nor the argument of one names the command. */
static const char *command_word(const struct option_table *options, char **argv)
{
    for (char **word = argv + 1; *word; word++) {
        if (text_equal(*word, "--"))
            return NULL;
        if (!is_option(*word))
            return *word;
        size_t length = strcspn(*word, "=");
        const struct option_kind *option = find_option(options, *word, length);
        bool attached = (*word)[1] == '-' ? (*word)[length] == '=' : (*word)[2] != '\0';
        if (option && option->argument && !attached && word[1])
            word++;
    }
    return NULL;
}

/* The first option before a word that no command has; NULL: none. */
static const char *stray_option(const struct option_table *known, char **argv, const char *end)
{
    for (char **word = argv + 1; *word && *word != end; word++)
        if (is_option(*word) && !find_option(known, *word, strcspn(*word, "=")))
            return *word;
    return NULL;
}

/* Options of views, too, which take longer to learn. */
static const char *stray_option_of_all(struct option_table *known, char **argv, const char *end)
{
    if (!stray_option(known, argv, end))
        return NULL;
    for (const struct command *const *command = commands; *command; command++)
        add_view_options(known, command_view(known->arena, *command, true));
    return stray_option(known, argv, end);
}

static enum status find_command(struct invocation *invocation, char **argv)
{
    struct option_table known = any_options(invocation->arena);
    const char *word = command_word(&known, argv);
    invocation->help_all = word == NULL;
    invocation->command = word ? command_find(word) : commands[0];
    if (invocation->command)
        return STATUS_OK;
    const char *stray = stray_option_of_all(&known, argv, word);
    if (stray)
        return unknown_option(&known, stray);
    const char *names[64];
    size_t count = 0;
    for (; count < ARRAY_SIZE(names) && commands[count]; count++)
        names[count] = commands[count]->name;
    complain_unknown("command", word, names, count, "try 'hvprobe --help'");
    return STATUS_USAGE;
}

static enum status take_words(struct invocation *invocation, const struct option_table *table, char **argv,
                              size_t count)
{
    bool command_seen = invocation->help_all;
    bool only_words = false;
    invocation->words = arena_alloc(invocation->arena, (count + 1) * sizeof *invocation->words);
    for (char **word = argv + 1; *word; word++) {
        if (!only_words && text_equal(*word, "--"))
            only_words = true;
        else if (!only_words && is_option(*word)) {
            enum status status = take_option(invocation, table, &word);
            if (status != STATUS_OK)
                return status;
        } else if (!command_seen)
            command_seen = true;
        else
            invocation->words[invocation->word_count++] = *word;
    }
    return STATUS_OK;
}

static enum status check_words(const struct invocation *invocation)
{
    const struct command *command = invocation->command;
    if (*command->arguments || invocation->word_count == 0)
        return STATUS_OK;
    complain("%s takes no arguments, but there is '%s'; see 'hvprobe %s --help'", command->name, invocation->words[0],
             command->name);
    return STATUS_USAGE;
}

/* Checked here for every command, though few have use for it. */
static enum status check_jobs(const struct invocation *invocation)
{
    const char *given = invocation_value(invocation, "jobs");
    int64_t jobs = 1;
    if (!given || (text_number(given, &jobs) && jobs >= 1))
        return STATUS_OK;
    complain("-j takes a number from 1, not '%s'", given);
    return STATUS_USAGE;
}

/* Help is given even where the command could not run. */
static bool wants_help(char **argv)
{
    for (; *argv && !text_equal(*argv, "--"); argv++)
        if (text_equal(*argv, "--help") || text_equal(*argv, "-h"))
            return true;
    return false;
}

enum status invocation_parse(struct invocation *invocation, struct arena *arena, char **argv)
{
    size_t count = 0;
    while (argv[count])
        count++;
    invocation->arena = arena;
    enum status status = find_command(invocation, argv);
    if (status != STATUS_OK)
        return status;
    struct option_table table = {arena, {0}};
    add_options(&table, invocation->command->options);
    const bool helps = wants_help(argv);
    invocation->view = command_view(arena, invocation->command, helps);
    if (invocation->command->view && !invocation->view && !helps)
        return STATUS_BROKEN_RULE;
    add_view_options(&table, invocation->view);
    add_options(&table, global_options);
    status = take_words(invocation, &table, argv, count);
    if (status != STATUS_OK || invocation_has(invocation, "help") || invocation_has(invocation, "version"))
        return status;
    status = check_words(invocation);
    return status == STATUS_OK ? check_jobs(invocation) : status;
}
