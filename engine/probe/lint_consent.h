/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lint says of facts that would ask the machine for what is not known to be harmless. */
#ifndef HVPROBE_PROBE_LINT_CONSENT_H
#define HVPROBE_PROBE_LINT_CONSENT_H

#include "base/consent.h"
#include "rules/rule.h"

/* Facts that ask what no host is ever asked: HV046 at their place. What templates make is known only at a run. */
void consent_lint(const struct rule_set *set, struct consent *consent, struct diagnostics *diagnostics);

#endif
