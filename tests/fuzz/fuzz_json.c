/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as JSON: records, columns, or a data resource with a schema. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    mpl_dataset *data;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_dataset_read_bytes((const char *)bytes, size, "x.json", NULL, &data, &err);
    if (s != MPL_OK) {
        must_refuse(s, data, &err);
        return 0;
    }
    must_hold(data);
    mpl_dataset_free(data);
    return 0;
}
