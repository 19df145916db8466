/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links what hvprobe links and does nothing: what a process with these libraries costs at least. */
#include <libxml/parser.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <yaml.h>

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1000) { /* never: keeps the libraries needed */
        xmlInitParser();
        pcre2_code_free(NULL);
        yaml_get_version_string();
    }
    return 0;
}
