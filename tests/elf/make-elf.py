#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a small ELF file with structures of pointers in its data, as a program in C that registers types has them.

make-elf.py OUT --arch ARCH --form FORM [--text TEXT]… [--point TEXT]… [--virtio NAMES]… [--module MODULE]… [--schema JSON]
            [--processor PROCESSOR]… [--row ROW]… TYPE…

A TYPE is NAME<PARENT, then ! where it is abstract, then @INTERFACE[,INTERFACE…]. Each becomes a structure of 13 words: name,
parent, five that do not matter, one whose first byte says whether it is abstract, four more, the list of interfaces.
NAMES are BASE,GENERIC,TRANSITIONAL,MODERN, any of which may be empty: a device that is made at start from such a table. A MODULE is
NAME:ARCH:OBJECTS:NEEDS, the last two lists with commas. JSON is a tree of texts, lists and mappings, which becomes constants
of struct { int tag; union { pointer, 64 bits } }. A PROCESSOR is NAME:LETTERS:VERSIONS, an element of one array: two numbers of four
bytes and the letters stand in it, and near its end a pointer to an array of versions that are counted from 1 (a list of their other
names with commas, - for one without). A ROW is a list of texts with commas: an element of another array, a number where one is
=N, zero where it is empty. --point makes a pointer to a text that belongs to nothing.
FORM says where the pointers show: rela, rel, relr (relocations of a program that may be loaded anywhere) or fixed. Layouts: the
System V ABI (gABI, chapter 4; for .relr.dyn its proposal of 2018, as elf.h has it) and the processors' supplements.
"""
import argparse
import json
import os
import struct
import sys

# name: machine, bits, byte order, type of a relative relocation
ARCHES = {
    "x86_64": (62, 64, "<", 8), "i686": (3, 32, "<", 8), "aarch64": (183, 64, "<", 1027), "arm": (40, 32, "<", 23),
    "ppc": (20, 32, ">", 22), "ppc64": (21, 64, ">", 22), "ppc64le": (21, 64, "<", 22), "s390x": (22, 64, ">", 12),
    "riscv64": (243, 64, "<", 3), "mips64el": (8, 64, "<", 3), "mips": (8, 32, ">", 3), "sparc": (2, 32, ">", 22),
    "m68k": (4, 32, ">", 22), "loongarch64": (258, 64, "<", 3),
}
RELA, REL, RELR = 4, 9, 19
PROGBITS, STRTAB = 1, 3
WRITE, ALLOC, EXEC = 1, 2, 4
WORDS = 13


class Program:
    def __init__(self, arch, form):
        self.machine, self.bits, self.order, self.relative = ARCHES[arch]
        self.form, self.arch = form, arch
        self.word = self.bits // 8
        self.texts, self.rodata = {}, bytearray(b"\1\0\2\0")
        self.data, self.pointers = bytearray(), []  # pointers: (place in data, section, place in it)

    def number(self, value, size=None):
        return struct.pack(self.order + {1: "B", 2: "H", 4: "I", 8: "Q"}[size or self.word], value)

    def text(self, text):
        if text not in self.texts:
            self.texts[text] = len(self.rodata)
            self.rodata += text.encode() + b"\0"
        return "rodata", self.texts[text]

    def add_words(self, words):
        place = len(self.data)
        for word in words:
            if isinstance(word, tuple):
                self.pointers.append((len(self.data), *word))
                word = 0
            self.data += word if isinstance(word, bytes) else self.number(word)
        return place

    def add_type(self, spec):
        spec, _, interfaces = spec.partition("@")
        abstract = spec.endswith("!")
        name, _, parent = spec.rstrip("!").partition("<")
        listed = 0
        if interfaces:
            listed = "data", self.add_words([*map(self.text, interfaces.split(",")), 0])
        flag = bytes([abstract]) + bytes(self.word - 1)
        self.add_words([self.text(name), self.text(parent) if parent else 0, 16, 0, 0, 0, 0, flag, 32, 0, 0, 0, listed])

    def list_of(self, names):
        return ("data", self.add_words([*map(self.text, names), 0])) if names else 0

    def add_virtio(self, spec):
        names = [self.text(name) if name else 0 for name in spec.split(",")]
        self.add_words([*names, 0, 4096, 0, 0])

    def add_module(self, spec):
        name, arch, objects, needs = spec.split(":")
        objects, needs = (self.list_of([part for part in words.split(",") if part]) for words in (objects, needs))
        self.add_words([self.text(name), self.text(arch) if arch else 0, objects, needs, 0])

    def versions(self, names):
        """Where an array of them is, ended by zero; nothing for none."""
        if not names:
            return 0
        words = []
        for number, name in enumerate(names.split(","), 1):
            words += [self.number(number, 4) + bytes(self.word - 4), 0 if name == "-" else self.text(name), 0, 0]
        return "data", self.add_words([*words, 0, 0, 0, 0])

    def add_processors(self, specs):
        parts = [spec.split(":") for spec in specs]
        lists = [self.versions(versions) for _, _, versions in parts]
        for (name, letters, _), versions in zip(parts, lists):
            inside = self.number(13, 4) + self.number(0x8000000a, 4) + letters.encode() + b"\0"
            inside += bytes(-(len(inside) + self.word) % 8) + bytes(range(1, 97))
            self.add_words([self.text(name), inside, self.text("model of " + name), 0, versions, 0])

    def add_row(self, spec):
        self.add_words([int(word[1:]) if word[:1] == "=" else self.text(word) if word else 0 for word in spec.split(",")])

    def align(self, size):
        self.data += bytes(-len(self.data) % size)

    def value(self, tree):
        """Words of struct { int tag; union }: 3 a text, 4 a mapping, 5 a list."""
        if isinstance(tree, str):
            tag, to = 3, self.text(tree)
        elif isinstance(tree, dict):
            tag, to = 4, self.add_entries(tree)
        else:
            tag, to = 5, self.add_values(tree)
        return tag, to

    def add_value(self, value):
        """In the middle of words that stand one after the other: the caller has aligned them."""
        wide = 8 if self.bits == 64 or self.arch != "i686" else 4
        self.data += self.number(value[0] if value else 0, 4) + bytes(wide - 4)
        if value:
            self.pointers.append((len(self.data), *value[1]))
        self.data += bytes(8)

    def add_values(self, items):
        values = [self.value(item) for item in items]
        self.align(8)
        place = len(self.data)
        for value in [*values, None]:
            self.add_value(value)
        return "data", place

    def add_entries(self, mapping):
        values = [(self.text(key), self.value(item)) for key, item in mapping.items()]
        self.align(8)
        place = len(self.data)
        for key, value in [*values, (None, None)]:
            if key:
                self.pointers.append((len(self.data), *key))
            self.data += bytes(self.word)
            self.align(4 if self.arch == "i686" else 8)
            self.add_value(value)
        return "data", place

    def info(self):
        """r_info of a relocation without a symbol."""
        if self.arch == "mips64el":  # the fields in the file's order: symbol, special symbol, types 3, 2, 1
            return struct.pack("<IBBBB", 0, 0, 0, 18, self.relative)
        return self.number(self.relative)

    def relocations(self, base, target):
        places = [(base + place, target(section, offset)) for place, section, offset in sorted(self.pointers)]
        if self.form == "rela":
            return b"".join(self.number(at) + self.info() + self.number(to) for at, to in places)
        if self.form == "rel":
            return b"".join(self.number(at) + self.info() for at, _ in places)
        if self.form == "relr":
            return b"".join(map(self.number, packed([at for at, _ in places], self.word)))
        return b""

    def build(self):
        start = 64 if self.bits == 64 else 52
        memory = 0x400000 if self.form == "fixed" else 0x10000
        code = b"\0decoy-machine\0" + bytes(17)  # what looks like text in code is none
        self.rodata += bytes(-len(self.rodata) % self.word)
        offsets = {"text": start, "rodata": start + len(code)}
        offsets["rodata"] += -offsets["rodata"] % self.word
        offsets["data"] = offsets["rodata"] + len(self.rodata)
        offsets["reloc"] = offsets["data"] + len(self.data)

        def target(section, place):
            return memory + offsets[section] + place

        if self.form != "rela":
            for place, section, offset in self.pointers:
                self.data[place:place + self.word] = self.number(target(section, offset))
        reloc = self.relocations(memory + offsets["data"], target)
        kind = {"rela": RELA, "rel": REL, "relr": RELR}.get(self.form)
        entry = {"rela": 3, "rel": 2, "relr": 1}.get(self.form, 0) * self.word
        sections = [(".text", PROGBITS, ALLOC | EXEC, offsets["text"], code, 0),
                    (".rodata", PROGBITS, ALLOC, offsets["rodata"], self.rodata, 0),
                    (".data.rel.ro" if kind else ".data", PROGBITS, ALLOC | WRITE, offsets["data"], self.data, 0)]
        if kind:
            sections.append(("." + self.form + ".dyn", kind, ALLOC, offsets["reloc"], reloc, entry))
        names = b"\0" + b"".join(s[0].encode() + b"\0" for s in sections) + b".shstrtab\0"
        sections.append((".shstrtab", STRTAB, 0, offsets["reloc"] + len(reloc), names, 0))
        return self.assemble(sections, names, memory)

    def assemble(self, sections, names, memory):
        end = sections[-1][3] + len(sections[-1][4])
        table = end + -end % self.word
        wide = self.bits == 64
        ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if self.order == "<" else 2, 1]) + bytes(9)
        size = 64 if wide else 40
        header = ident + self.number(2 if self.form == "fixed" else 3, 2) + self.number(self.machine, 2) + \
            self.number(1, 4) + self.number(0) + self.number(0) + self.number(table) + self.number(0, 4)
        for value in (64 if wide else 52, 0, 0, size, len(sections) + 1, len(sections)):
            header += self.number(value, 2)
        out = bytearray(table)
        out[:len(header)] = header
        out += bytes(size)
        for name, kind, flags, offset, content, entry in sections:
            out[offset:offset + len(content)] = content
            address = memory + offset if flags & ALLOC else 0
            out += self.number(names.index(name.encode() + b"\0"), 4) + self.number(kind, 4) + self.number(flags)
            out += self.number(address) + self.number(offset) + self.number(len(content))
            out += self.number(0, 4) + self.number(0, 4) + self.number(self.word) + self.number(entry)
        return bytes(out)


def packed(places, word):
    """.relr.dyn: an address, then bitmaps of the words behind it."""
    bits, out, i = 8 * word - 1, [], 0
    while i < len(places):
        out.append(places[i])
        base, i = places[i] + word, i + 1
        while i < len(places) and places[i] - base < bits * word:
            bitmap = 0
            while i < len(places) and places[i] - base < bits * word:
                bitmap |= 1 << (places[i] - base) // word
                i += 1
            out.append(bitmap << 1 | 1)
            base += bits * word
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--arch", choices=sorted(ARCHES), required=True)
    parser.add_argument("--form", choices=["rela", "rel", "relr", "fixed"], required=True)
    parser.add_argument("--text", action="append", default=[])
    parser.add_argument("--point", action="append", default=[])
    parser.add_argument("--virtio", action="append", default=[])
    parser.add_argument("--module", action="append", default=[])
    parser.add_argument("--processor", action="append", default=[])
    parser.add_argument("--row", action="append", default=[])
    parser.add_argument("--schema", default="[]")
    parser.add_argument("types", nargs="+")
    args = parser.parse_args()
    program = Program(args.arch, args.form)
    for text in args.text:
        program.text(text)
    for spec in args.types:
        program.add_type(spec)
    for spec in args.virtio:
        program.add_virtio(spec)
    for spec in args.module:
        program.add_module(spec)
    program.add_processors(args.processor)
    for spec in args.row:
        program.add_row(spec)
    for text in args.point:
        program.add_words([program.text(text), 0])
    if args.schema != "[]":
        program.add_values(json.loads(args.schema))
    os.makedirs(os.path.dirname(args.out) or ".", exist_ok=True)
    with open(args.out, "wb") as file:
        file.write(program.build())
    os.chmod(args.out, 0o755)


if __name__ == "__main__":
    sys.exit(main())
