/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does nothing: what a process with these libraries costs at least. With -DALL those of the whole engine, without it
 * those that hvprobe itself is linked with: it loads the rest on use. */
#ifdef ALL
#include <libxml/parser.h>
#endif
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <yaml.h>

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1000) { /* never: keeps the libraries needed */
#ifdef ALL
        xmlInitParser();
#endif
        pcre2_code_free(NULL);
        yaml_get_version_string();
    }
    return 0;
}
