# SPDX-License-Identifier: LGPL-2.1-or-later
#
# make            build/hvprobe
# make run        installs missing build packages, builds, prints this host's capabilities
# make check      installs what the tests need, builds with warnings as errors, runs everything; ends with "N passed, N failed"
# make install    DESTDIR, prefix, sysconfdir
# make lint asan bench update-golden clean
#
# V=1 shows the commands; B=DIR builds elsewhere.

VERSION    := 0.1.0
prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
datadir    ?= $(prefix)/share/hvprobe
mandir     ?= $(prefix)/share/man
sysconfdir ?= /etc
DESTDIR    ?=
CC         ?= cc
CFLAGS     ?= -O2 -g
B          ?= build
V          ?= 0
Q          := $(if $(filter 1,$(V)),,@)

PACKAGES := libxml-2.0 yaml-0.1 libpcre2-8
WARN     := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)
# smartcols and jansson lend their headers; the libraries themselves are loaded on use.
HVFLAGS   = -std=c11 -D_GNU_SOURCE -Iengine -Iengine/include -DHVPROBE_VERSION='"$(VERSION)"' \
            -DHVPROBE_DATADIR='"$(datadir)"' -DHVPROBE_SYSCONFDIR='"$(sysconfdir)"' \
            $(shell pkg-config --cflags $(PACKAGES) smartcols jansson 2>/dev/null) $(WARN) -fvisibility=hidden
LIBS      = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -ldl

SOURCES := $(sort $(wildcard engine/*/*.c))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
ENGINE  := $(filter-out $(B)/engine/cli/main.o,$(OBJECTS))
UNITS   := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all run check install uninstall lint asan bench update-golden clean deps test-deps units
all: $(B)/hvprobe

$(B)/hvprobe: $(OBJECTS)
	@echo "  LINK   $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# The flags are a prerequisite: another prefix or sanitizer rebuilds.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(datadir) $(sysconfdir) $(WERROR)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(datadir) $(sysconfdir) $(WERROR)' > $@
.PHONY: FORCE
FORCE:

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(ENGINE) $(B)/flags
	@mkdir -p $(@D)
	@echo "  CC     $<"
	$(Q)$(CC) $(HVFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -MF $@.d -o $@ $< $(ENGINE) $(LDFLAGS) $(LIBS) -lcmocka

units: $(UNITS)
-include $(OBJECTS:.o=.d) $(UNITS:=.d)

deps:
	@sh tests/install-packages.sh build
test-deps:
	@sh tests/install-packages.sh build check

# The second make sees the packages that the first one installed.
run: deps
	@$(MAKE) --no-print-directory all 1>&2
	@$(B)/hvprobe

check: test-deps
	@WERROR=1 bash tests/check.sh $(B)

asan:
	@$(MAKE) --no-print-directory B=$(B)/asan CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' all units

lint: test-deps
	@bash tests/lint.sh

bench: deps all
	@bash tests/bench/run.sh $(B)
	@bash tests/bench/many.sh $(B)/hvprobe

update-golden: all
	@bash tests/fixtures.sh $(B)/hvprobe --update
	@bash tests/bad-rules.sh $(B)/hvprobe --update
	@bash tests/cli/tutorial.sh $(B)/hvprobe --update

install: all
	install -Dm755 $(B)/hvprobe $(DESTDIR)$(bindir)/hvprobe
	cd rules && find . -name '*.yaml' -exec install -Dm644 {} $(DESTDIR)$(datadir)/rules/{} \;
	cd schemas && find . -type f -exec install -Dm644 {} $(DESTDIR)$(datadir)/schemas/{} \;
	install -d $(DESTDIR)$(sysconfdir)/hvprobe/rules.d

uninstall:
	rm -f $(DESTDIR)$(bindir)/hvprobe
	rm -rf $(DESTDIR)$(datadir)

clean:
	rm -rf $(B)
