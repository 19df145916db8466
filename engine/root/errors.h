/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of errno values, as snapshots hold them. Only for root/. */
#ifndef HVPROBE_ROOT_ERRORS_H
#define HVPROBE_ROOT_ERRORS_H

/* "EACCES" -> EACCES; 0: no such name. */
int error_number(const char *name);
/* EACCES -> "EACCES"; "EIO" for one that has no name here. */
const char *error_name(int number);

#endif
