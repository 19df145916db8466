#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# schema-includes.sh BINARY: what a schema may include, and that nothing else is opened or shown.
set -u
. "$(dirname "$0")/../results.sh"
export HVPROBE_RULES=$PWD/rules HVPROBE_SCHEMAS=$work/named HVPROBE_CACHE= NO_COLOR=1
mkdir -p "$work/s/sub/deep" "$work/named"
cd "$work/s" || exit 2

grammar() { # FILE CONTENT
    printf '<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">\n%s\n</grammar>\n' "$2" >"$1"
}
validate() { timeout 10 "$binary" validate --schema top.rng "$@"; }
refused() { # NAME HREF WHY
    grammar top.rng "<include href='$2'/>"
    says "$1" 2 "top.rng:2: '$2' cannot be included: $3" validate doc.xml
}

# What is beside the schema, or below.
echo '<a><b>1</b></a>' >doc.xml
echo '<a><b>x</b></a>' >other.xml
grammar top.rng '<include href="sub/one.rng"><define name="over"><data type="integer"/></define></include>'
grammar sub/one.rng '<start><element name="a"><ref name="b"/></element></start><include href="deep/two.rng"/>'
grammar sub/deep/two.rng '<div><define name="over"><value>never</value></define></div><define name="b"><element name="b"><ref name="over"/></element></define>'
says 'files below, what is given anew' 0 'doc.xml: valid top' validate doc.xml
says 'and what it asks for' 1 "other.xml:1: error: /a/b: element 'b' cannot be 'x'" validate other.xml
printf '<r:grammar xmlns:r="http://relaxng.org/ns/structure/1.0"><r:include href="sub/one.rng"><r:define name="over"><r:text/></r:define></r:include></r:grammar>\n' >top.rng
says 'other prefixes, another library of types' 0 'other.xml: valid top' validate other.xml
grammar top.rng '<start><element name="a"><externalRef href="sub/b.rng"/></element></start>'
printf '<element name="b" xmlns="http://relaxng.org/ns/structure/1.0"><value>1</value></element>\n' >sub/b.rng
says 'a pattern of its own' 0 'doc.xml: valid top' validate doc.xml
says 'which does not fit' 1 'other.xml: not valid' validate other.xml
grammar top.rng '<include href="sub/one.rng"/><include href="sub/one.rng"/>'
says 'an error has the file that it is in' 2 'sub/one.rng:2: ' validate other.xml
grammar sub/one.rng '<start><ref name="nowhere"/></start>'
grammar top.rng '<include href="sub/one.rng"/>'
says 'by libxml2, too' 2 'sub/one.rng:2: ' validate doc.xml
ln -s sub/deep/two.rng inside.rng
grammar top.rng '<start><element name="a"><ref name="b"/></element></start><include href="inside.rng"/>'
says 'a link that stays' 1 "cannot be '1'" validate doc.xml

# Nothing else.
printf 'secret:x:0:0\n' >"$work/secret"
printf 'secret line <b> &x;\n' >notes.rng
printf '<secret><line/></secret>\n' >xml.rng
mkfifo fifo.rng sub/fifo.rng
ln -s ../secret out.rng
ln -s nowhere dangling.rng
refused 'the network' 'http://127.0.0.1:9/x.rng' 'only files beside the schema are'
refused 'a scheme' 'file:///etc/passwd' 'only files beside the schema are'
refused 'a path' /etc/passwd 'only files beside the schema are'
refused 'a way up' sub/../../secret 'only files beside the schema are'
refused 'an escaped one' '%2e%2e/secret' 'only files beside the schema are'
refused 'a FIFO' fifo.rng 'a FIFO, device or socket'
refused 'a FIFO below' sub/fifo.rng 'a FIFO, device or socket'
refused 'a directory' sub 'is a directory'
refused 'a link that leads out' out.rng 'no such file'
refused 'a link that leads nowhere' dangling.rng 'no such file'
refused 'itself' top.rng 'too many files'
grammar top.rng '<include/>'
says 'nothing named' 2 "top.rng:2: '' cannot be included" validate doc.xml
for file in notes.rng xml.rng; do
    grammar top.rng "<include href='$file'/>"
    says "$file is no schema" 2 "$file: is not a RELAX NG schema" validate doc.xml
    says "nothing of $file is shown" 2 '!secret' validate doc.xml
    says "nor when it is named" 2 '!secret' timeout 10 "$binary" validate --schema "$file" doc.xml
done
says 'a FIFO by name' 2 'a FIFO, device or socket' timeout 10 "$binary" validate --schema ./fifo.rng doc.xml
grammar half.rng '<start><secret-line></start>'
says 'what is wrong with a schema is told' 2 'half.rng:2: ' timeout 10 "$binary" validate --schema half.rng doc.xml
printf '<!DOCTYPE grammar [<!ENTITY x SYSTEM "notes.rng">]>\n<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><value>&x;</value></start></grammar>\n' >top.rng
says 'no entities' 2 'entity declarations (x) are not allowed' validate doc.xml

# Twice as many at each step.
for i in $(seq 1 15); do grammar "many$i.rng" "<include href='many$((i + 1)).rng'/><include href='many$((i + 1)).rng'/>"; done
grammar many16.rng '<start><element name="a"><empty/></element></start>'
says 'many files' 2 'too many files' timeout 10 "$binary" validate --schema many1.rng doc.xml

# What lies beside the schemas that are found by name.
grammar "$work/named/a.rng" '<start><element name="a"><element name="b"><text/></element></element></start>'
ln -s nowhere "$work/named/a-gone.rng"
mkfifo "$work/named/a-fifo.rng"
mkdir "$work/named/a-dir.rng"
grammar "$work/named/a-x y.rng" '<start><empty/></start>'
says 'by root element' 0 'doc.xml: valid a' timeout 10 "$binary" validate doc.xml
echo '<a/>' >bad.xml
says 'and what is not valid' 1 'bad.xml: not valid by the schema a' timeout 10 "$binary" validate bad.xml

# A folder of a directory of schemas may include from all of that, and from nothing else.
mkdir "$work/named/kin"
grammar "$work/named/kin/c.rng" '<include href="../a.rng"/>'
says 'a folder of the schemas' 0 'doc.xml: valid c' timeout 10 "$binary" validate --schema "$work/named/kin/c.rng" doc.xml
grammar "$work/named/kin/c.rng" '<include href="../../s/many16.rng"/>'
says 'not what is outside' 2 'only files beside the schema are' timeout 10 "$binary" validate --schema "$work/named/kin/c.rng" doc.xml
grammar "$work/named/kin/c.rng" '<include href="x/../../../s/many16.rng"/>'
says 'by no detour' 2 'only files beside the schema are' timeout 10 "$binary" validate --schema "$work/named/kin/c.rng" doc.xml

# Documents open nothing either.
printf '<!DOCTYPE a SYSTEM "%s/s/fifo.rng">\n<a><b/></a>\n' "$work" >typed.xml
says 'a document type that is elsewhere' 0 'typed.xml: valid a' timeout 10 "$binary" validate typed.xml
printf '<!DOCTYPE a [<!ENTITY x SYSTEM "../secret">]>\n<a><b>&x;</b></a>\n' >entity.xml
says 'an entity' 1 'entity.xml:1: entity declarations (x) are not allowed' timeout 10 "$binary" validate entity.xml
printf '<!DOCTYPE a [<!ENTITY %% x SYSTEM "fifo.rng"> %%x;]>\n<a><b/></a>\n' >parameter.xml
says 'a parameter entity' 1 'parameter.xml:1: entity declarations (x) are not allowed' timeout 10 "$binary" validate parameter.xml
printf '<a><b><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="../secret" parse="text"/></b></a>\n' >include.xml
says 'XInclude is an element as others' 1 '!secret' timeout 10 "$binary" validate include.xml
exit $status
