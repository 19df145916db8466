# SPDX-License-Identifier: LGPL-2.1-or-later
#
# make            build/hvprobe, build/libhvprobe.so, build/libhvprobe.a
# make run        installs missing build packages, builds, prints this host's capabilities
# make check      installs what the tests need, builds, runs everything; ends with "N passed, N failed, N skipped"; WERROR=1: warnings are errors
# make install    program, library, rules (compiled, too), manuals, documentation; DESTDIR, prefix, libdir, sysconfdir ...
# make installcheck  the installed program and its rules on the fixtures of this tree, the installed library with a program
# make dist       B/hvprobe-VERSION.tar.gz: what is committed, with the manuals made
# make lint       installs and runs clang-format, cppcheck and clang-tidy
# make fault     every call of every command fails once (half an hour; HVPROBE_FAULT_STEP=N: each Nth); make fuzz MINUTES=N  strangers' input
# make man asan bench units schemas update-golden uninstall clean
# make check-releases  builds and tests in chroots of other releases and for other machines (root; HVPROBE_RELEASES: where they are)
#
# V=1 shows the commands; B=DIR builds elsewhere. To build for another machine, CC and PKG_CONFIG are enough: the compiler knows
# its AR, LD and OBJCOPY.

VERSION    := 0.1.0
SONAME     := libhvprobe.so.0
# PREFIX is what others call it.
prefix     ?= $(or $(PREFIX),/usr/local)
bindir     ?= $(prefix)/bin
libdir     ?= $(prefix)/lib
includedir ?= $(prefix)/include
pcdir      ?= $(libdir)/pkgconfig
datadir    ?= $(prefix)/share/hvprobe
mandir     ?= $(prefix)/share/man
docdir     ?= $(prefix)/share/doc/hvprobe
bashdir    ?= $(prefix)/share/bash-completion/completions
zshdir     ?= $(prefix)/share/zsh/site-functions
fishdir    ?= $(prefix)/share/fish/vendor_completions.d
sysconfdir ?= /etc
# Where other programs look for what they can use of this one (engine/integrations/README.md).
ansibledir ?= $(prefix)/share/ansible
pythondir  ?= $(prefix)/lib/python3/dist-packages
unitdir    ?= $(prefix)/lib/systemd/system
DESTDIR    ?=
# What documents are written for where --compat says nothing, such as libvirt-9.0; empty: the newest generation.
COMPAT     ?=
CC         ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g
B          ?= build
V          ?= 0
Q          := $(if $(filter 1,$(V)),,@)
# The tools that belong to the compiler, unless others are asked for.
tool        = $(or $(shell $(CC) -print-prog-name=$(1) 2>/dev/null),$(1))
ifeq ($(origin AR),default)
AR          = $(call tool,ar)
endif
ifeq ($(origin LD),default)
LD          = $(call tool,ld)
endif
OBJCOPY    ?= $(call tool,objcopy)

PACKAGES := yaml-0.1 libpcre2-8
# These lend their headers; the libraries themselves are loaded on use.
ON_USE   := libxml-2.0 smartcols jansson libarchive
WARN     := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers $(if $(WERROR),-Werror)
HVFLAGS   = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Iengine -Iengine/include -DHVPROBE_VERSION='"$(VERSION)"' \
            -DHVPROBE_DATADIR='"$(datadir)"' -DHVPROBE_SYSCONFDIR='"$(sysconfdir)"' -DHVPROBE_COMPAT='"$(COMPAT)"' \
            -DHVPROBE_LIBDIR='"$(libdir)"' -I$(B) \
            $(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(ON_USE) 2>/dev/null) $(WARN) -fvisibility=hidden -fPIC
LIBS      = $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -ldl

SOURCES := $(sort $(wildcard engine/*/*.c))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
ENGINE  := $(filter-out $(B)/engine/cli/main.o,$(OBJECTS))
LIBRARY := $(filter-out $(B)/engine/cli/% $(B)/engine/test/%,$(OBJECTS))
SHARED  := $(B)/libhvprobe.so.$(VERSION)
UNITS   := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all library man run check install installcheck uninstall dist lint asan bench update-golden schemas clean deps test-deps lint-deps dist-deps units
all: $(B)/hvprobe library $(B)/rules.bin
library: $(B)/libhvprobe.so $(B)/libhvprobe.a $(B)/hvprobe.pc

$(B)/hvprobe: $(OBJECTS)
	@echo "  LINK   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(SHARED): $(LIBRARY) engine/api/libhvprobe.map
	@echo "  LINK   $@"
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) -Wl,--version-script,engine/api/libhvprobe.map $(CFLAGS) $(LDFLAGS) \
	    -o $@ $(LIBRARY) $(LIBS)

# The names that the linker and programs look for.
$(B)/libhvprobe.so: $(SHARED)
	$(Q)ln -sf $(<F) $(B)/$(SONAME)
	$(Q)ln -sf $(SONAME) $@

# One object in which only the interface has names: the engine's own cannot clash with those of a program. Where objects wait
# for link-time optimisation only the compiler can join them, and only as machine code do they have names to take away.
LTO      := $(filter -flto -flto=%,$(CFLAGS))
CODE      = $(shell $(CC) -flinker-output=nolto-rel -r -nostdlib -x c /dev/null -o /dev/null 2>/dev/null && echo -flinker-output=nolto-rel)
JOIN      = $(if $(LTO),$(CC) $(CFLAGS) $(filter -fuse-ld=%,$(LDFLAGS)) -fPIC -nostdlib $(CODE),$(LD))
$(B)/libhvprobe.a: $(LIBRARY)
	@echo "  AR     $@"
	$(Q)$(JOIN) -r -o $(B)/libhvprobe.o $^
	$(Q)$(OBJCOPY) --localize-hidden $(B)/libhvprobe.o
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(B)/libhvprobe.o

$(B)/hvprobe.pc: engine/api/hvprobe.pc.in Makefile $(B)/flags
	$(Q)sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	    -e 's|@version@|$(VERSION)|' -e 's|@packages@|$(PACKAGES)|' $< >$@

# The flags are a prerequisite: another prefix or sanitizer rebuilds.
FLAGS = $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(PKG_CONFIG) $(prefix) $(libdir) $(includedir) $(datadir) $(sysconfdir) $(COMPAT) $(WERROR)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@
.PHONY: FORCE
FORCE:

# Which engine this is: what another one kept may not be what this one would make. Commands and the public header do not
# matter, and the program and the library are of one engine.
$(B)/build_id.h: $(filter-out engine/cli/% engine/test/%,$(SOURCES)) $(filter-out engine/cli/% engine/test/%,$(wildcard engine/*/*.h engine/*/*.def)) $(B)/flags
	$(Q)echo "#define HVPROBE_BUILD \"$$(cat $(sort $^) | sha256sum | cut -c1-16)\"" >$@
$(B)/engine/session/places.o: $(B)/build_id.h

# What 'make install' does for the installed rules; where the program cannot run here, runs do without.
$(B)/rules.bin: $(B)/hvprobe $(shell find rules schemas -name '*.yaml' -o -name '*.rng')
	@echo "  RULES  $@"
	$(Q)env -u HVPROBE_RULES -u HVPROBE_SCHEMAS $(B)/hvprobe rules --compile || echo "no $@: '$(B)/hvprobe' does not run here, or rules are broken"

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(ENGINE) $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -MF $@.d -o $@ $< $(ENGINE) $(LDFLAGS) $(LIBS) $(shell $(PKG_CONFIG) --libs libxml-2.0) -lcmocka

units: $(UNITS)
-include $(OBJECTS:.o=.d) $(UNITS:=.d)

# A tarball has the manuals beside their sources, for machines without scdoc.
MANUALS := $(patsubst engine/man/%.scd,$(B)/man/%,$(wildcard engine/man/*.scd))
man: $(MANUALS)
$(B)/man/%: engine/man/%.scd engine/man/tidy.awk
	@mkdir -p $(@D)
	@echo "  MAN    $@"
	$(Q)if command -v scdoc >/dev/null; then scdoc <$< >$@.raw && awk -f engine/man/tidy.awk $@.raw >$@.new; else cp engine/man/$* $@.new; fi
	$(Q)mv $@.new $@ && rm -f $@.raw

deps:
	@sh tests/install-packages.sh build
test-deps:
	@sh tests/install-packages.sh build check
dist-deps:
	@sh tests/install-packages.sh dist
lint-deps:
	@sh tests/install-packages.sh build lint

# The second make sees the packages that the first one installed.
run: deps
	@$(MAKE) --no-print-directory all 1>&2
	@$(B)/hvprobe

check: test-deps
	@WERROR=$(WERROR) bash tests/check.sh $(B)

asan:
	@$(MAKE) --no-print-directory B=$(B)/asan CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' all units

lint: lint-deps
	@$(MAKE) --no-print-directory $(B)/build_id.h
	@bash tests/lint.sh $(HVFLAGS)

bench: deps all
	@bash tests/bench/run.sh $(B)
	@bash tests/bench/many.sh $(B)/hvprobe
	@bash tests/bench/sizes.sh $(B)/hvprobe

# The JSON Schemas for editors, from the tables of the program.
schemas: all
	@for kind in rule snapshot case view; do $(B)/hvprobe rules --schema $$kind > $(B)/schema.json && cp $(B)/schema.json schemas/$$kind.schema.json; done

update-golden: all
	@bash tests/fixtures.sh $(B)/hvprobe --update
	@bash tests/bad-rules.sh $(B)/hvprobe --update
	@bash tests/cli/tutorial.sh $(B)/hvprobe --update
	@bash tests/cli/manual.sh $(B)/hvprobe --update

INTEGRATIONS := engine/integrations
TEXTS := README.md CHANGES.md LICENSE rules/README.md
install: all
	install -Dm755 $(B)/hvprobe $(DESTDIR)$(bindir)/hvprobe
	install -Dm755 $(SHARED) $(DESTDIR)$(libdir)/libhvprobe.so.$(VERSION)
	ln -sf libhvprobe.so.$(VERSION) $(DESTDIR)$(libdir)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(libdir)/libhvprobe.so
	install -Dm644 $(B)/libhvprobe.a $(DESTDIR)$(libdir)/libhvprobe.a
	install -Dm644 engine/include/hvprobe.h $(DESTDIR)$(includedir)/hvprobe.h
	install -Dm644 $(B)/hvprobe.pc $(DESTDIR)$(pcdir)/hvprobe.pc
	install -Dm644 engine/completions/hvprobe.bash $(DESTDIR)$(bashdir)/hvprobe
	install -Dm644 engine/completions/_hvprobe $(DESTDIR)$(zshdir)/_hvprobe
	install -Dm644 engine/completions/hvprobe.fish $(DESTDIR)$(fishdir)/hvprobe.fish
	if command -v scdoc >/dev/null || [ -e engine/man/hvprobe.1 ]; then $(MAKE) --no-print-directory man && for page in $(MANUALS); do \
	    install -Dm644 $$page $(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}; done; else echo 'no manuals: scdoc is not installed'; fi
	for text in $(TEXTS); do install -Dm644 $$text $(DESTDIR)$(docdir)/$$text; done
	cd rules && find . -name '*.yaml' -exec install -Dm644 {} $(DESTDIR)$(datadir)/rules/{} \;
	cd schemas && find . -type f -exec install -Dm644 {} $(DESTDIR)$(datadir)/schemas/{} \;
	install -d $(DESTDIR)$(sysconfdir)/hvprobe/rules.d $(DESTDIR)$(libdir)/hvprobe
	env -u HVPROBE_RULES -u HVPROBE_SCHEMAS $(DESTDIR)$(bindir)/hvprobe rules --compile $(if $(DESTDIR),--root $(abspath $(DESTDIR))) || \
	    echo "rules are not compiled: run 'hvprobe rules --compile' where they are used"
	install -Dm755 $(INTEGRATIONS)/ansible/facts.d/hvprobe.fact $(DESTDIR)$(sysconfdir)/ansible/facts.d/hvprobe.fact
	install -Dm644 $(INTEGRATIONS)/ansible/modules/hvprobe.py $(DESTDIR)$(ansibledir)/plugins/modules/hvprobe.py
	cd $(INTEGRATIONS)/ansible/roles && find . -type f -exec install -Dm644 {} $(DESTDIR)$(ansibledir)/roles/{} \;
	install -Dm755 $(INTEGRATIONS)/facter/hvprobe $(DESTDIR)$(sysconfdir)/facter/facts.d/hvprobe
	install -Dm755 $(INTEGRATIONS)/kubernetes/hvprobe $(DESTDIR)$(datadir)/integrations/hvprobe-nfd
	install -Dm755 $(INTEGRATIONS)/prometheus/hvprobe-textfile $(DESTDIR)$(datadir)/integrations/hvprobe-textfile
	install -Dm644 $(INTEGRATIONS)/python/hvprobe.py $(DESTDIR)$(pythondir)/hvprobe.py
	install -Dm755 $(INTEGRATIONS)/virtinst/hvprobe-virtinst $(DESTDIR)$(bindir)/hvprobe-virtinst
	for unit in hvprobe.service hvprobe.timer; do install -d $(DESTDIR)$(unitdir) && sed -e 's|@bindir@|$(bindir)|' -e 's|@datadir@|$(datadir)|' \
	    $(INTEGRATIONS)/systemd/$$unit >$(DESTDIR)$(unitdir)/$$unit && chmod 644 $(DESTDIR)$(unitdir)/$$unit; done

uninstall:
	rm -f $(DESTDIR)$(bindir)/hvprobe $(DESTDIR)$(libdir)/libhvprobe.* $(DESTDIR)$(includedir)/hvprobe.h
	rm -f $(DESTDIR)$(pcdir)/hvprobe.pc $(DESTDIR)$(bashdir)/hvprobe $(DESTDIR)$(zshdir)/_hvprobe
	rm -f $(DESTDIR)$(fishdir)/hvprobe.fish $(foreach page,$(MANUALS),$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -rf $(DESTDIR)$(datadir) $(DESTDIR)$(libdir)/hvprobe $(DESTDIR)$(ansibledir)/roles/hvprobe_capture
	rm -f $(DESTDIR)$(sysconfdir)/ansible/facts.d/hvprobe.fact $(DESTDIR)$(ansibledir)/plugins/modules/hvprobe.py $(DESTDIR)$(sysconfdir)/facter/facts.d/hvprobe
	rm -f $(DESTDIR)$(pythondir)/hvprobe.py $(DESTDIR)$(bindir)/hvprobe-virtinst $(DESTDIR)$(unitdir)/hvprobe.service $(DESTDIR)$(unitdir)/hvprobe.timer
	rm -f $(TEXTS:%=$(DESTDIR)$(docdir)/%) && rmdir $(DESTDIR)$(docdir)/rules $(DESTDIR)$(docdir)

installcheck:
	@bash tests/installcheck.sh $(bindir) $(libdir) $(datadir) $(mandir) $(DESTDIR)

# With the manuals in it; the same bytes from the same commit.
DIST := hvprobe-$(VERSION)
dist: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct)
dist: dist-deps man
	@rm -rf $(B)/dist && mkdir -p $(B)/dist
	$(Q)git archive --prefix=$(DIST)/ HEAD | tar -x -C $(B)/dist
	$(Q)cp $(MANUALS) $(B)/dist/$(DIST)/engine/man/
	$(Q)tar -c --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$$(git log -1 --format=%ct) -C $(B)/dist $(DIST) | gzip -n9 >$(B)/$(DIST).tar.gz
	@rm -rf $(B)/dist
	@echo "  DIST   $(B)/$(DIST).tar.gz"

# What takes long or needs much is in tests/NAME/*.sh.
MORE := $(filter-out cli bench,$(patsubst tests/%/,%,$(sort $(dir $(wildcard tests/*/*.sh)))))
.PHONY: $(MORE:%=check-%)
$(MORE:%=check-%): check-%: all
	@bash tests/check-more.sh $* $(B)
ifneq ($(filter fault fuzz,$(MORE)),)
.PHONY: $(filter fault fuzz,$(MORE))
$(filter fault fuzz,$(MORE)): %: check-%
endif

clean:
	rm -rf $(B)
