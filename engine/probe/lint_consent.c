/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lint: requests and files that are always refused. */
#include "probe/lint_consent.h"

#include "base/text.h"
#include "probe/registry.h"

struct consent_lint {
    struct consent *consent;
    struct diagnostics *diagnostics;
};

static const struct template *template_of(const struct field_value *value)
{
    return value->given && value->count > 0 ? value->templates[0] : NULL;
}

static const char *literal_of(const struct field_value *value)
{
    const struct template *template = template_of(value);

    return template != NULL ? template->literal : NULL;
}

/* fallback when it is not given, -1 when only a run can tell. */
static int64_t number_of(const struct field_value *value, int64_t fallback)
{
    const char *literal = literal_of(value);
    int64_t number;

    if (!value->given)
        return fallback;
    return literal != NULL && text_number(literal, &number) ? number : -1;
}

static void lint_request(const struct consent_lint *lint, const struct fact *fact)
{
    enum { DEVICE, REQUEST, ARGUMENT };
    const struct field_value *values = fact->source_values;
    const int64_t request = number_of(&values[REQUEST], -1);

    if (request < 0 || consent_lint_request(lint->consent, literal_of(&values[DEVICE]), (unsigned long)request,
                                            (long)number_of(&values[ARGUMENT], 0)))
        return;
    diagnose(lint->diagnostics, DIAG_REFUSED_ALWAYS, template_of(&values[REQUEST])->at,
             "what may be asked is in schemas/consent.yaml of the installed program",
             "this request is not known to change nothing, so it is never done and '%s' is always unknown", fact->name);
}

static void lint_file(const struct consent_lint *lint, const struct fact *fact)
{
    const struct template *path = template_of(&fact->source_values[0]);

    if (path == NULL || path->literal == NULL || consent_lint_file(lint->consent, path->literal))
        return;
    diagnose(lint->diagnostics, DIAG_REFUSED_ALWAYS, path->at,
             "what is never read is in schemas/consent.yaml of the installed program",
             "reading this file has effects, so it is never read and '%s' is always unknown", fact->name);
}

void consent_lint(const struct rule_set *set, struct consent *consent, struct diagnostics *diagnostics)
{
    const struct consent_lint lint = {consent, diagnostics};

    for (size_t i = 0; i < set->rules.count; i++) {
        const struct map *facts = &((const struct rule *)set->rules.entries[i].value)->facts;
        for (size_t j = 0; j < facts->count; j++) {
            const struct fact *fact = facts->entries[j].value;
            if (fact->source == &source_ioctl)
                lint_request(&lint, fact);
            else if (fact->extract != NULL && (fact->source == &source_file || fact->source == &source_glob))
                lint_file(&lint, fact);
        }
    }
}
