# SPDX-License-Identifier: LGPL-2.1-or-later
#
# make            build/hvprobe, build/libhvprobe.so, build/libhvprobe.a
# make run        installs missing build packages, builds, prints this host's capabilities
# make check      installs what the tests need, builds, runs everything; ends with "N passed, N failed, N skipped"; WERROR=1: warnings are errors
# make install    program, library, rules, manuals; DESTDIR, prefix, libdir, sysconfdir ...
# make lint       installs and runs clang-format, cppcheck and clang-tidy
# make man asan bench units schemas update-golden uninstall clean
#
# V=1 shows the commands; B=DIR builds elsewhere.

VERSION    := 0.1.0
SONAME     := libhvprobe.so.0
prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
libdir     ?= $(prefix)/lib
includedir ?= $(prefix)/include
pcdir      ?= $(libdir)/pkgconfig
datadir    ?= $(prefix)/share/hvprobe
mandir     ?= $(prefix)/share/man
bashdir    ?= $(prefix)/share/bash-completion/completions
zshdir     ?= $(prefix)/share/zsh/site-functions
fishdir    ?= $(prefix)/share/fish/vendor_completions.d
sysconfdir ?= /etc
DESTDIR    ?=
# What documents are written for where --compat says nothing, such as libvirt-9.0; empty: the newest generation.
COMPAT     ?=
CC         ?= cc
OBJCOPY    ?= objcopy
CFLAGS     ?= -O2 -g
B          ?= build
V          ?= 0
Q          := $(if $(filter 1,$(V)),,@)

PACKAGES := yaml-0.1 libpcre2-8
# These lend their headers; the libraries themselves are loaded on use.
ON_USE   := libxml-2.0 smartcols jansson
WARN     := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers $(if $(WERROR),-Werror)
HVFLAGS   = -std=c11 -D_GNU_SOURCE -Iengine -Iengine/include -DHVPROBE_VERSION='"$(VERSION)"' \
            -DHVPROBE_DATADIR='"$(datadir)"' -DHVPROBE_SYSCONFDIR='"$(sysconfdir)"' -DHVPROBE_COMPAT='"$(COMPAT)"' \
            $(shell pkg-config --cflags $(PACKAGES) $(ON_USE) 2>/dev/null) $(WARN) -fvisibility=hidden -fPIC
LIBS      = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -ldl

SOURCES := $(sort $(wildcard engine/*/*.c))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
ENGINE  := $(filter-out $(B)/engine/cli/main.o,$(OBJECTS))
LIBRARY := $(filter-out $(B)/engine/cli/%,$(OBJECTS))
SHARED  := $(B)/libhvprobe.so.$(VERSION)
UNITS   := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all library man run check install uninstall lint asan bench update-golden schemas clean deps test-deps lint-deps units
all: $(B)/hvprobe library
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

# One object in which only the interface has names: the engine's own cannot clash with those of a program.
$(B)/libhvprobe.a: $(LIBRARY)
	@echo "  AR     $@"
	$(Q)$(LD) -r -o $(B)/libhvprobe.o $^
	$(Q)$(OBJCOPY) --localize-hidden $(B)/libhvprobe.o
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(B)/libhvprobe.o

$(B)/hvprobe.pc: engine/api/hvprobe.pc.in Makefile $(B)/flags
	$(Q)sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	    -e 's|@version@|$(VERSION)|' -e 's|@packages@|$(PACKAGES)|' $< >$@

# The flags are a prerequisite: another prefix or sanitizer rebuilds.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(prefix) $(libdir) $(includedir) $(datadir) $(sysconfdir) $(COMPAT) $(WERROR)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(prefix) $(libdir) $(includedir) $(datadir) $(sysconfdir) $(COMPAT) $(WERROR)' > $@
.PHONY: FORCE
FORCE:

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(ENGINE) $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -MF $@.d -o $@ $< $(ENGINE) $(LDFLAGS) $(LIBS) $(shell pkg-config --libs libxml-2.0) -lcmocka

units: $(UNITS)
-include $(OBJECTS:.o=.d) $(UNITS:=.d)

MANUALS := $(patsubst engine/man/%.scd,$(B)/man/%,$(wildcard engine/man/*.scd))
man: $(MANUALS)
$(B)/man/%: engine/man/%.scd engine/man/tidy.awk
	@mkdir -p $(@D)
	@echo "  MAN    $@"
	$(Q)scdoc <$< | awk -f engine/man/tidy.awk >$@.new && mv $@.new $@

deps:
	@sh tests/install-packages.sh build
test-deps:
	@sh tests/install-packages.sh build check
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
	@bash tests/lint.sh

bench: deps all
	@bash tests/bench/run.sh $(B)
	@bash tests/bench/many.sh $(B)/hvprobe

# The JSON Schemas for editors, from the tables of the program.
schemas: all
	@for kind in rule snapshot case; do $(B)/hvprobe rules --schema $$kind > $(B)/schema.json && cp $(B)/schema.json schemas/$$kind.schema.json; done

update-golden: all
	@bash tests/fixtures.sh $(B)/hvprobe --update
	@bash tests/bad-rules.sh $(B)/hvprobe --update
	@bash tests/cli/tutorial.sh $(B)/hvprobe --update
	@bash tests/cli/manual.sh $(B)/hvprobe --update

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
	if command -v scdoc >/dev/null; then $(MAKE) --no-print-directory man && for page in $(MANUALS); do \
	    install -Dm644 $$page $(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}; done; fi
	cd rules && find . -name '*.yaml' -exec install -Dm644 {} $(DESTDIR)$(datadir)/rules/{} \;
	cd schemas && find . -type f -exec install -Dm644 {} $(DESTDIR)$(datadir)/schemas/{} \;
	install -d $(DESTDIR)$(sysconfdir)/hvprobe/rules.d

uninstall:
	rm -f $(DESTDIR)$(bindir)/hvprobe $(DESTDIR)$(libdir)/libhvprobe.* $(DESTDIR)$(includedir)/hvprobe.h
	rm -f $(DESTDIR)$(pcdir)/hvprobe.pc $(DESTDIR)$(bashdir)/hvprobe $(DESTDIR)$(zshdir)/_hvprobe
	rm -f $(DESTDIR)$(fishdir)/hvprobe.fish $(foreach page,$(MANUALS),$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -rf $(DESTDIR)$(datadir)

clean:
	rm -rf $(B)
