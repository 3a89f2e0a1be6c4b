/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON emitter: what it writes is what a strict reader expects. */
#include "check.h"

#include "base/json.h"

static void writes(size_t flat, const char *want)
{
    mpl__text t = { 0 };
    mpl__json j = { .out = &t, .flat = flat };
    mpl__json_begin(&j, NULL, '{');
    mpl__json_text(&j, "id", "OR");
    mpl__json_begin(&j, "yi", '[');
    mpl__json_real(&j, NULL, 0.1);
    mpl__json_real(&j, NULL, (double)NAN);
    mpl__json_real(&j, NULL, -INFINITY);
    mpl__json_end(&j);
    mpl__json_begin(&j, "none", '{');
    mpl__json_end(&j);
    mpl__json_count(&j, "k", 13);
    mpl__json_bool(&j, "ok", true);
    mpl__json_text(&j, "no", NULL);
    mpl__json_end(&j);
    CHECK_STR(t.data, want, "flat %zu", flat);
    mpl__text_free(&t);
}

static void escapes(void)
{
    static const struct { const char *why, *text, *want; } row[] = {
        { "quotes and backslash", "a\"b\\c", "\"a\\\"b\\\\c\"" },
        { "newline and tab", "a\nb\tc", "\"a\\nb\\tc\"" },
        { "control bytes", "\x01\x1f\x7f", "\"\\u0001\\u001F\\u007F\"" },
        { "bidi override", "\xE2\x80\xAE", "\"\\u202E\"" },
        { "noncharacters", "\xEF\xBF\xBE\xF0\x9F\xBF\xBF", "\"\\uFFFE\\uD83F\\uDFFF\"" },
        { "emoji stays", "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"" },
        { "no UTF-8", "\xFF" "a\xC3", "\"\xEF\xBF\xBD" "a\xEF\xBF\xBD\"" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl__text t = { 0 };
        mpl__json j = { .out = &t };
        mpl__json_text(&j, NULL, row[i].text);
        CHECK_STR(t.data, row[i].want, "%s", row[i].why);
        mpl__text_free(&t);
    }
}

int main(void)
{
    writes(0, "{\"id\": \"OR\", \"yi\": [0.1, null, null], \"none\": {}, \"k\": 13, \"ok\": true, \"no\": null}");
    writes(1, "{\n  \"id\": \"OR\",\n  \"yi\": [0.1, null, null],\n  \"none\": {},\n  \"k\": 13,\n  \"ok\": true,\n"
              "  \"no\": null\n}");
    writes(2, "{\n  \"id\": \"OR\",\n  \"yi\": [\n    0.1,\n    null,\n    null\n  ],\n  \"none\": {},\n  \"k\": 13,\n"
              "  \"ok\": true,\n  \"no\": null\n}");
    escapes();
    return check_done();
}
