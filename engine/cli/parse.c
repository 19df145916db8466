/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line. Which options there are depends on the command, so that is found first. */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

extern const struct command command_show;

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

/* The first that fits wins: after the command its own option hides a global one of its name. */
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

static bool is_global(const struct option_kind *option)
{
    const struct option_kind *global = global_options;
    while (global != option && (global->name || global->letter))
        global++;
    return global == option;
}

static void remember(struct invocation *invocation, const struct option_kind *option, const char *value)
{
    if (text_equal(option->name, "arch") && is_global(option)) {
        invocation->arch = value;
        return;
    }
    struct filter_value *given = arena_new_object(invocation->arena, struct filter_value);
    given->option = option_key(invocation->arena, option);
    given->value = value;
    vec_push(invocation->arena, &invocation->given, given);
}

/* One option word, looked up in the first table that has it; advances past a separate argument. */
static enum status take_option(struct invocation *invocation, const struct option_table *first,
                               const struct option_table *table, char ***argv)
{
    const char *word = **argv;
    size_t length = strcspn(word, "=");
    const struct option_kind *option = find_option(first, word, length);
    if (!option)
        option = find_option(table, word, length);
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
    static const struct option_kind of_views[] = {{"columns", 0, "NAMES", NULL, false}, {0}};
    struct option_table table = {arena, {0}};
    add_options(&table, global_options);
    add_options(&table, of_views);
    for (const struct command *const *command = own_commands; *command; command++)
        add_options(&table, (*command)->options);
    return table;
}

/* An option of a view, before the command that has it: rare enough to read all views for it. */
static const struct option_kind *find_view_option(struct option_table *table, const char *word, size_t length)
{
    const struct vec commands = commands_all(table->arena);
    for (size_t i = 0; i < commands.count; i++)
        add_view_options(table, ((const struct command *)commands.items[i])->view);
    return find_option(table, word, length);
}

/* Of the words that are neither options nor arguments of one: the first names the command, the second what to show. */
static const char *bare_word(struct option_table *options, char **argv, size_t skip)
{
    for (char **word = argv + 1; *word; word++) {
        if (text_equal(*word, "--"))
            return NULL;
        if (!is_option(*word)) {
            if (skip-- == 0)
                return *word;
            continue;
        }
        size_t length = strcspn(*word, "=");
        const struct option_kind *option = find_option(options, *word, length);
        if (!option)
            option = find_view_option(options, *word, length);
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

static enum status unknown_command(struct arena *arena, const char *word)
{
    const struct vec commands = commands_all(arena);
    const char **names = arena_alloc(arena, (commands.count + 1) * sizeof *names);
    bool views = false;
    for (size_t i = 0; i < commands.count; i++) {
        names[i] = ((const struct command *)commands.items[i])->name;
        views = views || ((const struct command *)commands.items[i])->view;
    }
    if (view_exists(arena, schema_directories(arena), word))
        complain("there is no command '%s'; 'hvprobe show %s' prints that view", word, word);
    else
        complain_unknown("command", word, names, commands.count, "try 'hvprobe --help'");
    if (!views)
        complain("there are no views in %s, and most commands are views", schema_directories(arena)[0]);
    return views ? STATUS_USAGE : STATUS_BROKEN_RULE;
}

static enum status find_command(struct invocation *invocation, struct option_table *options, char **argv)
{
    enum status status = STATUS_OK;
    const char *word = bare_word(options, argv, 0);
    invocation->help_all = word == NULL;
    invocation->command = word ? command_find(invocation->arena, word, &status) : own_commands[0];
    const char *stray = invocation->command || status != STATUS_OK ? NULL : stray_option(options, argv, word);
    if (stray)
        return unknown_option(options, stray);
    if (!invocation->command)
        return status == STATUS_OK ? unknown_command(invocation->arena, word) : status;
    invocation->view = invocation->command->view;
    const char *shown = invocation->command == &command_show ? bare_word(options, argv, 1) : NULL;
    if (shown && view_exists(invocation->arena, schema_directories(invocation->arena), shown))
        invocation->view = view_open(invocation->arena, shown, &status);
    return status;
}

static enum status take_words(struct invocation *invocation, const struct option_table *table, char **argv,
                              size_t count)
{
    struct option_table globals = {invocation->arena, {0}};
    bool command_seen = invocation->help_all;
    bool only_words = false;
    add_options(&globals, global_options);
    invocation->words = arena_alloc(invocation->arena, (count + 1) * sizeof *invocation->words);
    for (char **word = argv + 1; *word; word++) {
        if (!only_words && text_equal(*word, "--"))
            only_words = true;
        else if (!only_words && is_option(*word)) {
            enum status status = take_option(invocation, command_seen ? table : &globals, table, &word);
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
    if (command->view)
        return view_check(invocation, (const char *const *)invocation->words, invocation->word_count);
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

static enum status check_format(const struct invocation *invocation)
{
    const char *format = invocation_value(invocation, "format");
    const struct command *command = invocation->command;
    if (!format || !command->writes)
        return STATUS_OK;
    complain("%s has no format '%s'; it writes %s", command->name, format, command->writes);
    return STATUS_USAGE;
}

enum status invocation_parse(struct invocation *invocation, struct arena *arena, char **argv)
{
    size_t count = 0;
    while (argv[count])
        count++;
    invocation->arena = arena;
    struct option_table known = any_options(arena);
    enum status status = find_command(invocation, &known, argv);
    if (status != STATUS_OK)
        return status;
    struct option_table table = {arena, {0}};
    add_options(&table, invocation->command->options);
    add_view_options(&table, invocation->view);
    add_options(&table, global_options);
    status = take_words(invocation, &table, argv, count);
    if (status != STATUS_OK || invocation_has(invocation, "help") || invocation_has(invocation, "version"))
        return status;
    status = check_words(invocation);
    if (status == STATUS_OK)
        status = check_format(invocation);
    return status == STATUS_OK ? check_jobs(invocation) : status;
}
