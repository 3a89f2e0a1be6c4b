/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replays a corpus through a fuzz target without a fuzzing engine: each file whole, and cut short at every length up
 * to a bound, since truncated input is what breaks parsers most. A target reports by crashing or aborting.
 */
#include "check.h"

#include <dirent.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUT_MAX = 512 };

/* A copy of exact size, so that the sanitizer sees a byte read behind the end. */
static bool feed(const char *text, size_t size)
{
    uint8_t *const data = malloc(size ? size : 1);
    if (!data)
        return false;
    memcpy(data, text, size);
    const int result = LLVMFuzzerTestOneInput(data, size);
    free(data);
    return result == 0;
}

static void replay(const char *folder, const char *name)
{
    char path[4096];
    size_t size;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *const text = check_read(path, &size);
    printf("%s\n", name);
    fflush(stdout);
    CHECK(feed(text, size), "%s", name);
    bool ok = true;
    const size_t cuts = size < CUT_MAX ? size : CUT_MAX;
    for (size_t n = 0; n < cuts; n++)
        ok = feed(text, n) && ok;
    CHECK(ok, "%s cut short", name);
    free(text);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct dirent **names;
        const int n = scandir(argv[i], &names, NULL, alphasort);
        CHECK(n > 2, "%s holds no inputs", argv[i]);
        for (int j = 0; j < n; j++) {
            if (names[j]->d_name[0] != '.')
                replay(argv[i], names[j]->d_name);
            free(names[j]);
        }
        if (n >= 0)
            free(names);
    }
    return check_done();
}
