# SPDX-License-Identifier: LGPL-2.1-or-later
CC ?= cc
CFLAGS ?= -O2 -g
B ?= build
WARN = -Wall -Wextra -Werror -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla
CPPFLAGS_ALL = -D_GNU_SOURCE -Iengine -Iengine/include $(shell pkg-config --cflags libxml-2.0 yaml-0.1 libpcre2-8) $(CPPFLAGS)
LIBS = $(shell pkg-config --libs libxml-2.0 yaml-0.1 libpcre2-8) -ldl
SOURCES = $(wildcard engine/*/*.c)
OBJECTS = $(SOURCES:%.c=$(B)/%.o)

$(B)/hvprobe: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(CPPFLAGS_ALL) $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)
