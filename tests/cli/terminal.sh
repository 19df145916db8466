#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# terminal.sh BINARY: tables on terminals of several widths, with and without colours, in languages whose characters are wide and
# whose words have no blanks between them; in a pipe nothing is wrapped.
set -u
binary=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 2
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$PWD/schemas HVPROBE_CACHE= LC_ALL=C.UTF-8
unset NO_COLOR COLUMNS
# It looks for libsmartcols, without which there are only lines.
exec python3 - "$binary" <<'END'
import sys
try:
    import pty
    for end in pty.openpty():
        __import__("os").close(end)
except (ImportError, OSError) as error:
    print(f"skip terminal: tables on terminals: there is no pty ({error})")
    sys.exit(0)
import fcntl, os, re, struct, subprocess, tempfile, termios, unicodedata

program, host, failed = sys.argv[1], "tests/rules/kvm/checks-below/snapshot", False

def on_terminal(columns, *words, where=None, **environment):
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.environ.update({"TERM": "xterm", **environment})
        os.execv(program, [program, *words, "--snapshot", where or host])
    out = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    os.waitpid(child, 0)
    return out.decode().replace("\r\n", "\n")

def in_pipe(*words, where=None):
    return subprocess.run([program, *words, "--snapshot", where or host], stdout=subprocess.PIPE, universal_newlines=True).stdout

def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)

def tell(name, good, output=""):
    global failed
    failed = failed or not good
    print("ok" if good else "not ok", "terminal: " + name)
    if not good:
        print("\n".join("    " + line for line in output.splitlines()[:30]))

def words_of(text):
    return sorted(text.split())

plain = in_pipe("checks")
tell("a pipe gets a line a row", len(plain.splitlines()) == len(in_pipe("checks", "--format", "lines").splitlines()) + 1, plain)
for columns in (80, 100, 200):
    shown = on_terminal(columns, "checks", TERM="dumb")
    tell(f"{columns} columns: it fits", max(map(width, shown.splitlines())) <= columns, shown)
    tell(f"{columns} columns: every word is whole, and none is lost", words_of(shown) == words_of(plain), shown)
narrow = on_terminal(40, "checks", TERM="dumb")
tell("where nothing else helps the last column goes", "ADVICE" not in narrow and "CHECK" in narrow and max(map(width, narrow.splitlines())) <= 40, narrow)
tell("a terminal that does not know its width", on_terminal(0, "checks", TERM="dumb", COLUMNS="100") == on_terminal(100, "checks", TERM="dumb"))
tell("and one that nobody knows it of", on_terminal(0, "checks", TERM="dumb") == on_terminal(80, "checks", TERM="dumb"))

tell("colours", "\033[" in on_terminal(80, "checks"))
for name, environment in (("a dumb terminal", {"TERM": "dumb"}), ("one of no kind", {"TERM": ""}), ("NO_COLOR", {"NO_COLOR": "1"})):
    tell(f"no colours: {name}", "\033" not in on_terminal(80, "checks", **environment) + on_terminal(80, "explain", "kvm", **environment))
tell("colours where they are asked for", "\033[" in on_terminal(80, "checks", "--color", "always", TERM="dumb"))

machines = "tests/rules/domain-refusal/emulated/snapshot"
for language in ("de", "ja"):
    shown = on_terminal(50, "machines", "--lang", language, where=machines, TERM="dumb")
    tell(f"machines in {language} fit", shown and max(map(width, shown.splitlines())) <= 50, shown)
    squeezed = [re.sub(r"\s", "", text) for text in (shown, in_pipe("machines", "--lang", language, where=machines))]
    tell(f"and are all there ({language})", sorted(squeezed[0]) == sorted(squeezed[1]) and len(shown.splitlines()) > 5, shown)
    tell(f"no line begins with a full stop or long vowel ({language})", not re.search(r"^\s*[、。ー）]", shown, re.M), shown)

long = in_pipe("paths", "qemu", "--format", "lines").splitlines()[0].split("\t")[4]
shown = on_terminal(80, "paths", "qemu", TERM="dumb")
tell("a table of paths shows them", "CANDIDATE" in shown and long in shown and max(map(width, shown.splitlines())) <= 80, shown)
rules = tempfile.TemporaryDirectory()
with open(rules.name + "/deep.yaml", "w") as rule:
    rule.write("rule: deep\nchecks:\n  - {expect: {set: param.x}, title: a title that is as long as those of most rules are, "
               "otherwise: fail, hint: write it into /usr/share/some/where/far/below/that/is/long/indeed.json or leave it}\n")
deep = ("checks", "deep", "--rules", rules.name)
shown = on_terminal(80, *deep, TERM="dumb")
whole = [re.sub(r"\s", "", text) for text in (shown, in_pipe(*deep))]
tell("a long path in advice does not cost the advice", "ADVICE" in shown and sorted(whole[0]) == sorted(whole[1]) and
     max(map(width, shown.splitlines())) <= 80 and not re.search(r"[ (]/$", shown, re.M), shown)
details = on_terminal(80, "explain", "kvm", TERM="dumb")
tell("details of an answer are wrapped between words", words_of(details) == words_of(in_pipe("explain", "kvm")) and
     max(width(line) for line in details.splitlines() if " " in line.strip()) <= 80, details)

answer = on_terminal(60, "explain", "kvm", TERM="dumb").split("\n\n")[0]
tell("an answer is wrapped, too", max(map(width, answer.splitlines())) <= 60 and "\n              " in answer, answer)
sys.exit(failed)
END
