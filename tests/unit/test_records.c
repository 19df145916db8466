/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Extract records and modifier below, on ELF files that are put together here: both classes and byte orders, every kind
 * of relocation, and damage at every place.
 */
#include "facts_world.h"

#include <elf.h>

enum form { FORM_RELA, FORM_REL, FORM_RELR, FORM_FIXED };

struct layout {
    bool wide, big;
    enum form form;
    uint16_t machine;
};

enum {
    ROOM = 4096,
    CODE = 64,
    TEXTS = 128,
    DATA = 640,
    RELOCATIONS = 1600,
    NAMES = 2400,
    TABLE = 2560,
    BASE = 0x10000
};

/* A file while it is made; sections stand at fixed places. */
struct image {
    struct layout layout;
    unsigned char bytes[ROOM];
    size_t texts, data;
    size_t pointers[64]; /* places in the file */
    uint64_t targets[64];
    size_t count;
};

static size_t word_size(const struct image *image)
{
    return image->layout.wide ? 8 : 4;
}

static void put_number(struct image *image, size_t place, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        image->bytes[place + (image->layout.big ? size - 1 - i : i)] = (unsigned char)(number >> 8 * i);
}

static void put_word(struct image *image, size_t place, uint64_t word)
{
    put_number(image, place, word, word_size(image));
}

static uint64_t add_text(struct image *image, const char *text)
{
    const size_t place = image->texts;

    strcpy((char *)image->bytes + place, text);
    image->texts += strlen(text) + 1;
    return BASE + place;
}

static void add_pointer(struct image *image, uint64_t target)
{
    image->pointers[image->count] = image->data;
    image->targets[image->count++] = target;
    image->data += word_size(image);
}

/* Four words: name, parent, a byte, a list of up to two texts (NULL: none) that stands right behind. */
static void add_type(struct image *image, const char *name, const char *parent, bool abstract, const char *listed)
{
    add_pointer(image, add_text(image, name));
    add_pointer(image, add_text(image, parent));
    image->bytes[image->data] = abstract;
    image->data += word_size(image);
    if (listed == NULL) {
        image->data += word_size(image);
        return;
    }
    add_pointer(image, BASE + image->data + word_size(image));
    add_pointer(image, add_text(image, listed));
    add_pointer(image, add_text(image, "last"));
    image->data += word_size(image);
}

static void put_section(struct image *image, size_t index, uint32_t type, uint64_t flags, size_t start, size_t end)
{
    static const size_t names[] = {0, 1, 7, 15, 20, 25};
    const bool wide = image->layout.wide;
    const size_t entry = TABLE + index * (wide ? 64 : 40), word = word_size(image);

    put_number(image, entry, names[index], 4);
    put_number(image, entry + 4, type, 4);
    put_word(image, entry + 8, flags);
    put_word(image, entry + 8 + word, flags & SHF_ALLOC ? BASE + start : 0);
    put_word(image, entry + 8 + 2 * word, start);
    put_word(image, entry + 8 + 3 * word, end - start);
}

static void put_header(struct image *image)
{
    const bool wide = image->layout.wide;
    const size_t word = word_size(image), sizes = wide ? 52 : 40;

    memcpy(image->bytes, ELFMAG, SELFMAG);
    image->bytes[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
    image->bytes[EI_DATA] = image->layout.big ? ELFDATA2MSB : ELFDATA2LSB;
    put_number(image, 16, image->layout.form == FORM_FIXED ? ET_EXEC : ET_DYN, 2);
    put_number(image, 18, image->layout.machine, 2);
    put_word(image, 24 + 2 * word, TABLE);
    put_number(image, sizes + 6, wide ? 64 : 40, 2);
    put_number(image, sizes + 8, 6, 2);
    put_number(image, sizes + 10, 5, 2);
}

/* r_info without a symbol; that of 64-bit MIPS has its fields in another order. */
static void put_info(struct image *image, size_t place)
{
    if (image->layout.machine == EM_MIPS && image->layout.wide)
        image->bytes[place + 7] = 3;
    else
        put_word(image, place, 8);
}

static size_t put_relr(struct image *image)
{
    const size_t word = word_size(image), bits = 8 * word - 1;
    size_t at = RELOCATIONS;

    for (size_t i = 0; i < image->count;) {
        uint64_t base = BASE + image->pointers[i] + word, map = 0;
        put_word(image, at, base - word);
        at += word;
        for (i++; i < image->count && (BASE + image->pointers[i] - base) / word < bits; i++)
            map |= (uint64_t)1 << (BASE + image->pointers[i] - base) / word;
        put_word(image, at, map << 1 | 1);
        at += word;
    }
    return at;
}

static size_t put_relocations(struct image *image)
{
    const size_t word = word_size(image);
    size_t at = RELOCATIONS;

    for (size_t i = 0; i < image->count; i++) {
        if (image->layout.form != FORM_RELA)
            put_word(image, image->pointers[i], image->targets[i]);
        if (image->layout.form > FORM_REL)
            continue;
        put_word(image, at, BASE + image->pointers[i]);
        put_info(image, at + word);
        if (image->layout.form == FORM_RELA)
            put_word(image, at + 2 * word, image->targets[i]);
        at += (image->layout.form == FORM_RELA ? 3 : 2) * word;
    }
    return image->layout.form == FORM_RELR ? put_relr(image) : at;
}

static struct image *build(struct arena *arena, struct layout layout)
{
    static const uint32_t types[] = {SHT_RELA, SHT_REL, 19, SHT_NOTE};
    struct image *image = arena_new_object(arena, struct image);

    *image = (struct image){.layout = layout, .texts = TEXTS, .data = DATA};
    strcpy((char *)image->bytes + CODE + 1, "code-machine");
    add_text(image, "hint-machine");
    add_type(image, "base-machine", "machine", true, NULL);
    add_type(image, "one-machine", "base-machine", false, "first");
    add_type(image, "other", "machine", true, NULL);
    add_type(image, "two-machine", "other", false, NULL);
    add_type(image, "loop-machine", "loop-machine", false, NULL);
    add_type(image, "stray-machine", "nowhere", false, NULL);
    add_type(image, "nowhere", "object", false, NULL);
    put_header(image);
    put_section(image, 1, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, CODE, TEXTS);
    put_section(image, 2, SHT_PROGBITS, SHF_ALLOC, TEXTS, DATA);
    put_section(image, 3, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, DATA, image->data);
    put_section(image, 4, types[layout.form], SHF_ALLOC, RELOCATIONS,
                put_relocations(image) + (layout.form == FORM_FIXED));
    memcpy(image->bytes + NAMES, "\0.text\0.rodata\0.dat\0.rel\0.names", 31);
    put_section(image, 5, SHT_STRTAB, 0, NAMES, NAMES + 32);
    return image;
}

#define RULE                                                                                                           \
    "facts:\n"                                                                                                         \
    "  type:\n"                                                                                                        \
    "    file: /etc/program\n"                                                                                         \
    "    records:\n"                                                                                                   \
    "      match: '(?<name>[a-z]+)-machine'\n"                                                                         \
    "      texts: {type: 0, parent: 1}\n"                                                                              \
    "      bytes: {abstract: 2}\n"                                                                                     \
    "      numbers: {flags: 2}\n"                                                                                      \
    "      lists: {listed: 3}\n"                                                                                       \
    "      follow: parent\n"                                                                                           \
    "      until: [nowhere, machine]\n"                                                                                \
    "  machine: {from: type, below: {root: machine, name: type, parent: parent}}\n"

static void run_on(struct world *world, const void *bytes, size_t length)
{
    world_put_bytes(world, "root/etc/program", bytes, length);
    world_run(world, RULE, NULL);
}

static void end_run(struct world *world)
{
    run_free(world->run);
    root_close(world->root);
    rule_set_free(world->set);
    world->run = NULL;
    world->root = NULL;
    world->set = NULL;
}

static void check(struct world *world)
{
    assert_string_equal(world_column(world, "type", "type"),
                        "base-machine one-machine two-machine loop-machine stray-machine other");
    assert_string_equal(world_column(world, "type", "name"), "base one two loop stray -");
    assert_string_equal(world_column(world, "type", "abstract"), "1 0 0 0 0 1");
    assert_string_equal(world_column(world, "type", "listed"), "- first\nlast - - - -");
    assert_string_equal(world_column(world, "machine", "type"), "base-machine one-machine two-machine other");
}

static void test_layouts(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 16; i++) {
        const struct layout layout = {i & 1, i & 2, (enum form)(i >> 2), EM_NONE};
        run_on(world, build(world->arena, layout)->bytes, ROOM);
        check(world);
        assert_string_equal(row_get(world_table(world, "type")->rows[0], "flags"), !layout.big   ? "1"
                                                                                   : layout.wide ? "72057594037927936"
                                                                                                 : "16777216");
        end_run(world);
    }
}

static void test_mips(void **state)
{
    struct world *world = *state;

    for (unsigned big = 0; big < 2; big++) {
        run_on(world, build(world->arena, (struct layout){true, big, FORM_REL, EM_MIPS})->bytes, ROOM);
        check(world);
        end_run(world);
    }
}

/* Relocations against symbols say where others' data is; a number in place is none. */
static void test_no_pointers(void **state)
{
    struct world *world = *state;
    struct image *image = build(world->arena, (struct layout){true, false, FORM_RELA, EM_NONE});

    for (size_t i = 0; i < image->count; i++)
        put_number(image, RELOCATIONS + 24 * i + 12, 1, 4);
    run_on(world, image->bytes, ROOM);
    assert_int_equal(world_table(world, "type")->verdict, VERDICT_NO);
    end_run(world);
    image = build(world->arena, (struct layout){true, false, FORM_FIXED, EM_NONE});
    put_number(image, 16, ET_DYN, 2);
    run_on(world, image->bytes, ROOM);
    assert_int_equal(world_table(world, "type")->verdict, VERDICT_NO);
}

/* Whatever is wrong, there is an answer, soon. */
static void test_damage(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 16; i++) {
        struct image *image = build(world->arena, (struct layout){i & 1, i & 2, (enum form)(i >> 2), EM_NONE});
        run_on(world, image->bytes, i * 160 + 40);
        world_table(world, "machine");
        end_run(world);
    }
    world_run(world, RULE, NULL);
    end_run(world);
    for (size_t place = 0; place < TABLE + 6 * 64; place += 3) {
        struct image *image =
            build(world->arena, (struct layout){place & 1, place & 2, (enum form)(place / 4 % 4), EM_NONE});
        if (place >= NAMES || place < CODE || (place >= RELOCATIONS && place < RELOCATIONS + 300)) {
            image->bytes[place] ^= 0xff;
            run_on(world, image->bytes, ROOM);
            world_table(world, "machine");
            end_run(world);
        }
    }
}

/* Bitmaps that go on for ever, over and over the same words. */
static void test_endless(void **state)
{
    struct world *world = *state;
    struct image *image = build(world->arena, (struct layout){true, false, FORM_RELR, EM_NONE});
    const size_t size = 8 * 1024 * 1024;
    unsigned char *bytes = arena_alloc(world->arena, size);

    put_word(image, TABLE + 4 * 64 + 24, ROOM);
    put_word(image, TABLE + 4 * 64 + 32, size - ROOM);
    memcpy(bytes, image->bytes, ROOM);
    for (size_t i = ROOM; i < size; i += 16) {
        memcpy(bytes + i, image->bytes + RELOCATIONS, 8);
        memset(bytes + i + 8, 0xff, 8);
    }
    run_on(world, bytes, size);
    assert_int_equal(world_table(world, "type")->verdict, VERDICT_UNKNOWN);
}

static void test_below(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  box: {rows: [{h: a}, {h: b}]}\n"
              "  tree:\n"
              "    for: box\n"
              "    rows: [{h: '${h}', n: x, p: top}, {n: y, p: x}, {n: z, p: '${h}'}, {n: a, p: y}, {n: v, p: w}, "
              "{n: w, p: v}, {n: top, p: y}, {n: q}]\n"
              "    below: {root: top, name: n, parent: p}\n"
              "  none: {from: box, below: {root: c, name: h, parent: h}}\n",
              NULL);
    assert_string_equal(world_column(world, "tree", "n"), "x y z a top x y a top");
    assert_int_equal(world_table(world, "none")->verdict, VERDICT_NO);
    assert_string_equal(world_table(world, "none")->reason, "nothing is below 'c'");
}

/* Text in code and in holes is none; text in the program's data is. */
static void test_strings(void **state)
{
    struct world *world = *state;
    struct image *image = build(world->arena, (struct layout){true, false, FORM_RELA, EM_NONE});

    world_put_bytes(world, "root/etc/program", (const char *)image->bytes, ROOM);
    world_put_bytes(world, "root/etc/text", "\0code-machine", 14);
    world_run(world,
              "facts:\n"
              "  file: {glob: '/etc/*'}\n"
              "  text: {for: file, file: '${path}', strings: '(?<=\\0)(?<name>code|hint|one)-machine(?=\\0)'}\n",
              NULL);
    assert_string_equal(world_column(world, "text", "name"), "hint one code");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layouts), TEST(test_mips),  TEST(test_no_pointers), TEST(test_damage),
        TEST(test_endless), TEST(test_below), TEST(test_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
