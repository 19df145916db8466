/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Makefile says of this build; without it (editors, checkers) something that compiles. */
#ifndef HVPROBE_BASE_BUILD_H
#define HVPROBE_BASE_BUILD_H

#ifndef HVPROBE_VERSION
#define HVPROBE_VERSION "unknown"
#endif
#ifndef HVPROBE_DATADIR
#define HVPROBE_DATADIR "/usr/share/hvprobe"
#endif
#ifndef HVPROBE_LIBDIR
#define HVPROBE_LIBDIR "/usr/lib"
#endif
#ifndef HVPROBE_SYSCONFDIR
#define HVPROBE_SYSCONFDIR "/etc"
#endif

#endif
