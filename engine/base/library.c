/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Libraries that are loaded on use: the default command needs none of them, and starting it must stay cheap. */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

const char *library_load(struct arena *arena, const char *soname, const struct library_symbol *symbols)
{
    void *library =
        dlopen(soname, RTLD_LAZY | RTLD_LOCAL); /* never closed: its functions may be in use until the end */

    if (!library)
        return arena_printf(arena, "%s cannot be loaded (%s); install the package that has it", soname, dlerror());
    for (; symbols->name; symbols++) {
        void *address = dlsym(library, symbols->name);

        if (!address)
            return arena_printf(arena, "%s has no function %s; install a newer version of it", soname, symbols->name);
        memcpy(symbols->target, &address, sizeof(address)); /* ISO C has no cast from object to function pointer */
    }
    return NULL;
}
