/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several sources and extracts share. Only for probe/. */
#ifndef HVPROBE_PROBE_SUPPORT_H
#define HVPROBE_PROBE_SUPPORT_H

#include "probe/probe.h"

/* An argument that is a number between 0 and limit; false after a refusal. One that is not given is zero. */
bool probe_number(struct probe *probe, size_t index, uint64_t limit, uint64_t *ret_number);
/* What is at an absolute path, links followed: yes, or no or unknown with the reason set. */
enum verdict probe_stat(struct probe *probe, const char *path, struct root_stat *ret_status);
/* For what is not a file (uname, cpuid, ioctl, exec): -EOPNOTSUPP: this root cannot tell; all else is probe_error. */
enum verdict probe_error_live(struct probe *probe, const char *what, int error);
/* The one row of a source that has one item of text; NULL when the row limit is reached. */
struct item *probe_text_item(struct probe *probe, const char *text, size_t length);
/* A new row for a match: text is the whole match, columns are the named groups. false at the row limit. */
bool probe_match_row(struct probe *probe, const struct item *item, const struct regex *regex,
                     const struct regex_span *whole, const struct regex_span *groups, unsigned line);
/* How messages call an item: its path, or "the text". */
const char *probe_item_name(const struct item *item);
/* Takes back the rows after the first count: what is only partly known is not known. Returns unknown. */
enum verdict probe_drop_rows(struct probe *probe, size_t count);
/* The verdict of an extract that went through all of an item: yes when there are more than count rows now. */
enum verdict probe_found(struct probe *probe, const struct item *item, size_t count, const char *what);
/* Says that the pattern ran into its limit (or, REGEX_BAD, that it cannot be used there), and drops rows. */
enum verdict probe_regex_failed(struct probe *probe, const struct item *item, enum regex_result result, size_t count);

#endif
