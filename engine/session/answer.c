/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When an answer that was kept is still the one that a run would come to. */
#include "session/answer.h"

#include "base/file.h"
#include "base/pack.h"
#include "root/journal.h"
#include "session/places.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ANSWERS_LIMIT = 8 * 1024 * 1024, ANSWER_LIMIT = 4 * 1024 * 1024, FILES_LIMIT = 4096, DEPTH_LIMIT = 64 };
/* On a host that says something else each time, keeping is no use: after some answers that did not last, none is kept
 * for a while. */
enum { SHORT_SECONDS = 10, SHORT_LIVES = 4, PAUSE_SECONDS = 3600 };

/* A fact of more rows is not found out again to see whether something that it asked makes a difference. */
enum { ROWS_CONCLUDED = 64 };

/* What a fact came to that asked the host something. */
struct concluded {
    unsigned asker;
    const char *rule, *fact;
    const char *digest;
};

struct answers {
    struct arena *arena;
    const struct session_options *options;
    struct store *store;
    struct store_key key;
    struct root *root;       /* NULL: the host is recorded, and what its files are is told like that of the rules */
    struct journal *journal; /* NULL: nothing is to be kept */
    struct buf identities;   /* of rule files, as rules_load tells them */
    int64_t started;         /* files that changed since are not what the run has seen, maybe */
    uint64_t short_lives;    /* answers before that did not last */
    bool known, holds;
    struct answer answer;
    struct vec concluded; /* of struct concluded: all of the answer */
    struct vec changed;   /* of unsigned: askers that the host says something else to now */
};

/* ---- what an answer is made of ---- */

/* All that is at a path, or below it. Of a snapshot (recorded) links need not be looked at: none can be changed without
 * its directory, and what they lead to is inside; but for those at its top. false: there is too much, or something else
 * than files and directories. */
static bool add_tree(struct arena *arena, struct buf *out, const char *path, bool recorded, unsigned depth,
                     size_t *count)
{
    struct vec names = {0};
    struct stat status;
    file_identity(out, path, 0);
    if (stat(path, &status) < 0 || S_ISREG(status.st_mode))
        return true;
    if (!S_ISDIR(status.st_mode) || depth == DEPTH_LIMIT || file_list(arena, path, &names) < 0)
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *each = arena_printf(arena, "%s/%s", path, (const char *)names.items[i]);
        const bool link = recorded && lstat(each, &status) == 0 && S_ISLNK(status.st_mode);
        if (++*count == FILES_LIMIT || (link && depth == 0))
            return false;
        if (!link && !add_tree(arena, out, each, recorded, depth + 1, count))
            return false;
    }
    return true;
}

/* The program, all files of its own beside the rules, and what a host is recorded in. false: what has become of them
 * could not be told. */
static bool add_files(const struct answers *answers, struct buf *out)
{
    const char *const *directories = session_schemas(answers->options, answers->arena);
    const char *program = places_program(answers->arena), *snapshot = answers->options->snapshot;
    size_t count = 0;
    bool whole =
        !snapshot || (file_inherited(snapshot) < 0 && add_tree(answers->arena, out, snapshot, true, 0, &count));
    file_identity(out, program ? program : "", 0);
    file_identity(out, places_consent(answers->arena), 0);
    for (count = 0; whole && *directories; directories++)
        whole = add_tree(answers->arena, out, *directories, false, 0, &count);
    return whole;
}

static struct store_key make_key(const struct answers *answers, const struct buf *question)
{
    const struct session_options *options = answers->options;
    AUTO(buf_free) struct buf bytes = BUF_INIT;
    pack_texts(&bytes, session_layers(options, answers->arena));
    pack_texts(&bytes, session_schemas(options, answers->arena));
    pack_texts(&bytes, options->documents);
    pack_texts(&bytes, options->named);
    pack_texts(&bytes, options->drivers);
    pack_texts(&bytes, options->parameters);
    pack_texts(&bytes, (const char *const[]){options->arch ? options->arch : "", options->lang ? options->lang : "",
                                             options->compat ? options->compat : "", NULL});
    pack_bytes(&bytes, buf_text(question), question->length);
    pack_text(&bytes, options->snapshot ? options->snapshot : "");
    pack_number(&bytes, options->snapshot ? geteuid() : 0); /* others may read other files */
    return (struct store_key){STORE_ANSWER, arena_memdup(answers->arena, bytes.data, bytes.length), bytes.length};
}

/* ---- finding one ---- */

static void read_concluded(struct answers *answers, struct unpack *unpack)
{
    const size_t count = unpack_count(unpack);
    for (size_t i = 0; i < count; i++) {
        struct concluded *concluded = arena_new_object(answers->arena, struct concluded);
        size_t length = 0;
        concluded->asker = (unsigned)unpack_number(unpack);
        concluded->rule = unpack_text(unpack);
        concluded->fact = unpack_text(unpack);
        concluded->digest = unpack_bytes(unpack, &length);
        unpack->failed = unpack->failed || length != DIGEST_SIZE || !concluded->rule || !concluded->fact;
        vec_push(answers->arena, &answers->concluded, concluded);
    }
}

/* false: nothing is to be kept either, as it does not last. */
static bool read_kept(struct answers *answers)
{
    size_t length = 0, files = 0;
    const char *kept = store_get(answers->store, answers->key, &length);
    if (!kept)
        return true;
    struct unpack unpack = {kept, kept + length, false};
    const int64_t age = (int64_t)time(NULL) - (int64_t)unpack_number(&unpack);
    const uint64_t short_lives = unpack_number(&unpack);
    const char *identities = unpack_bytes(&unpack, &files);
    if (unpack.failed || !file_identities_hold(identities, files))
        return true;
    if (short_lives >= SHORT_LIVES && age >= 0 && age < PAUSE_SECONDS)
        return false;
    answers->short_lives = age >= 0 && age < SHORT_SECONDS ? short_lives + 1 : 0;
    answers->answer.status = (enum status)unpack_number(&unpack);
    answers->answer.text = unpack_bytes(&unpack, &answers->answer.length);
    read_concluded(answers, &unpack);
    if (unpack.failed || !journal_repeat(answers->root, answers->arena, &unpack, &answers->changed))
        return true;
    answers->holds = true;
    answers->known = answers->changed.count == 0;
    return true;
}

/* A folder that is not there yet will be made. */
static bool can_keep(const char *cache)
{
    return access(cache, W_OK) == 0 || errno == ENOENT;
}

/* From now on it is noted what the answer will be made of. */
static void begin(struct answers *answers)
{
    if (answers->root)
        root_forget(answers->root);
    if (!can_keep(answers->options->cache))
        return;
    answers->started = file_now();
    arena_defer(answers->arena, (void (*)(void *))buf_free, &answers->identities);
    answers->journal = journal_new(answers->arena);
    if (answers->root)
        root_set_journal(answers->root, answers->journal);
}

struct answers *answers_open(const struct session_options *options, struct arena *arena, struct root *root,
                             const struct buf *question)
{
    if (!options->cache || !*options->cache || options->trace || options->exec || options->lint || options->files ||
        (root ? !root_is_live(root) : !options->snapshot))
        return NULL;
    struct answers *answers = arena_new_object(arena, struct answers);
    *answers = (struct answers){.arena = arena, .options = options, .root = root};
    const char *file = arena_printf(arena, "%s/%s", options->cache, root ? "answers" : "recorded");
    answers->store = store_open(arena, file, places_build(arena));
    store_bound(answers->store, ANSWERS_LIMIT);
    answers->key = make_key(answers, question);
    if (!read_kept(answers))
        return NULL;
    if (!answers->known)
        begin(answers);
    return answers;
}

bool answers_known(const struct answers *answers, struct answer *ret_answer)
{
    if (answers && answers->known)
        *ret_answer = answers->answer;
    return answers && answers->known;
}

static const struct concluded *conclusion_of(const struct answers *answers, uintptr_t asker)
{
    for (size_t i = 0; i < answers->concluded.count; i++) {
        const struct concluded *concluded = answers->concluded.items[i];
        if (concluded->asker == asker)
            return concluded;
    }
    return NULL;
}

static bool concludes_alike(struct run *run, const struct concluded *concluded)
{
    if (!concluded)
        return false;
    const struct rule *rule = rule_set_find(run_rules(run), concluded->rule);
    const struct fact *fact = rule ? map_get(&rule->facts, concluded->fact) : NULL;
    if (!fact)
        return false;
    const struct digest digest = run_digest(run, fact);
    return memcmp(digest.bytes, concluded->digest, DIGEST_SIZE) == 0;
}

bool answers_hold(struct answers *answers, struct run *run, struct answer *ret_answer)
{
    if (!answers || !answers->holds)
        return false;
    for (size_t i = 0; i < answers->changed.count; i++)
        if (!concludes_alike(run, conclusion_of(answers, (uintptr_t)answers->changed.items[i])))
            return false;
    answers->journal = NULL; /* what is kept already need not be kept again */
    *ret_answer = answers->answer;
    return true;
}

/* ---- keeping one ---- */

struct buf *answers_identities(struct answers *answers)
{
    return answers && answers->journal ? &answers->identities : NULL;
}

static void add_concluded(struct vec *list, struct arena *arena, struct run *run, const struct journal *journal)
{
    const struct rule_set *set = run_rules(run);
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->rules.entries[i].value;
        for (size_t each = 0; each < rule->facts.count; each++) {
            const struct fact *fact = rule->facts.entries[each].value;
            const struct table *table = journal_has(journal, run_asker(fact)) ? run_peek(run, fact) : NULL;
            if (!table || table->count > ROWS_CONCLUDED)
                continue;
            struct concluded *concluded = arena_new_object(arena, struct concluded);
            const struct digest digest = run_digest(run, fact);
            *concluded = (struct concluded){run_asker(fact), rule->id, fact->name, NULL};
            concluded->digest = arena_memdup(arena, digest.bytes, DIGEST_SIZE);
            vec_push(arena, list, concluded);
        }
    }
}

/* false: it is not known what rules were read, or a file changed since the run began. */
static bool take_files(struct answers *answers)
{
    AUTO(buf_free) struct buf now = BUF_INIT;
    struct buf *files = &answers->identities;
    const bool known = files->length > 0 && add_files(answers, files);
    const int64_t newest = file_identities(&now, files->data, files->length);
    return known && newest < answers->started && now.length == files->length &&
           memcmp(now.data, files->data, now.length) == 0;
}

static void write_answer(struct buf *out, struct answers *answers, struct run *run, const struct answer *answer)
{
    struct vec list = {0};
    pack_number(out, (uint64_t)time(NULL));
    pack_number(out, answers->short_lives);
    pack_bytes(out, answers->identities.data, answers->identities.length);
    pack_number(out, answer->status);
    pack_bytes(out, answer->text, answer->length);
    add_concluded(&list, answers->arena, run, answers->journal);
    pack_number(out, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const struct concluded *concluded = list.items[i];
        pack_number(out, concluded->asker);
        pack_text(out, concluded->rule);
        pack_text(out, concluded->fact);
        pack_bytes(out, concluded->digest, DIGEST_SIZE);
    }
    journal_write(out, answers->journal);
}

void answers_keep(struct answers *answers, struct run *run, const struct answer *answer)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    if (!answers || !answers->journal)
        return;
    if (answers->root)
        root_set_journal(answers->root, NULL);
    if (journal_is_whole(answers->journal) && take_files(answers)) {
        write_answer(&out, answers, run, answer);
        if (out.length <= ANSWER_LIMIT) {
            store_put(answers->store, answers->key, out.data, out.length);
            store_save(answers->store);
        }
    }
}
