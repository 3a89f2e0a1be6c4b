/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base: arena, errors, exact numbers, UTF-8, registries, options and profiles. */
#include "check.h"

#include <locale.h>
#include <stdint.h>

#include <metapool.h>

#include "base/arena.h"
#include "base/error.h"
#include <metapool/option.h>
#include "base/method.h"
#include "base/note.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"

static void arena_gives_zeroed_separate_memory(void)
{
    mpl__arena *arena = mpl__arena_new();
    unsigned char *a = mpl__arena_alloc(arena, 3, 1), *b = mpl__arena_alloc(arena, 100000, 1);
    memset(a, 0xFF, 3);
    CHECK(b[0] == 0 && b[99999] == 0, "zeroed");
    CHECK((uintptr_t)b % _Alignof(max_align_t) == 0, "aligned");
    CHECK(mpl__arena_alloc(arena, SIZE_MAX / 2, 3) == NULL, "overflow of n * size");
    CHECK(mpl__arena_alloc(arena, SIZE_MAX, 1) == NULL, "more than there can be");
    CHECK(mpl__arena_alloc(arena, 0, 8) != NULL, "n = 0 is a valid pointer");
    CHECK(mpl__arena_alloc(NULL, 1, 1) == NULL, "no arena");
    CHECK_STR(mpl__arena_format(arena, "%s-%d", "a", 7), "a-7", "format");
    CHECK(mpl__arena_copy(arena, NULL) == NULL, "NULL stays NULL");
    mpl__arena_free(arena);
    mpl__arena_free(NULL);
}

static void numbers_read(void)
{
    static const struct {
        const char *text;
        char decimal;
        mpl__number_status want;
        double x;
    } row[] = {
        { "0", '.', MPL__NUMBER_OK, 0 },
        { "-0", '.', MPL__NUMBER_OK, 0 },
        { "+0.5", '.', MPL__NUMBER_OK, 0.5 },
        { ".5", '.', MPL__NUMBER_OK, 0.5 },
        { "5.", '.', MPL__NUMBER_OK, 5 },
        { "0,7", ',', MPL__NUMBER_OK, 0.7 },
        { "1e5", '.', MPL__NUMBER_OK, 1e5 },
        { "1E-3", '.', MPL__NUMBER_OK, 1e-3 },
        { "123456789012345678901234567890", '.', MPL__NUMBER_OK, 123456789012345678901234567890. },
        { "0.30000000000000004", '.', MPL__NUMBER_OK, 0.30000000000000004 },
        { "9007199254740993", '.', MPL__NUMBER_OK, 9007199254740992. },
        { "4.9406564584124654e-324", '.', MPL__NUMBER_OK, 4.9406564584124654e-324 },
        { "1.7976931348623157e308", '.', MPL__NUMBER_OK, 1.7976931348623157e308 },
        { "3,000000000000000000001", ',', MPL__NUMBER_OK, 3 },
        { "1e309", '.', MPL__NUMBER_OVERFLOW, 0 },
        { "1e99999999999999999999", '.', MPL__NUMBER_OVERFLOW, 0 },
        { "1e-400", '.', MPL__NUMBER_UNDERFLOW, 0 },
        { "0e999999999999", '.', MPL__NUMBER_OK, 0 },
        { "", '.', MPL__NUMBER_NOT, 0 },
        { ".", '.', MPL__NUMBER_NOT, 0 },
        { "+", '.', MPL__NUMBER_NOT, 0 },
        { "1e", '.', MPL__NUMBER_NOT, 0 },
        { "1e+", '.', MPL__NUMBER_NOT, 0 },
        { "--1", '.', MPL__NUMBER_NOT, 0 },
        { "1 2", '.', MPL__NUMBER_NOT, 0 },
        { " 1", '.', MPL__NUMBER_NOT, 0 },
        { "0x1p-1", '.', MPL__NUMBER_NOT, 0 },
        { "1d5", '.', MPL__NUMBER_NOT, 0 },
        { "nan", '.', MPL__NUMBER_NOT, 0 },
        { "inf", '.', MPL__NUMBER_NOT, 0 },
        { "1_000", '.', MPL__NUMBER_NOT, 0 },
        { "0,7", '.', MPL__NUMBER_NOT, 0 },
        { "0.7", ',', MPL__NUMBER_NOT, 0 },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double x = 77;
        const mpl__number_status got = mpl__number_read(row[i].text, strlen(row[i].text), row[i].decimal, &x);
        CHECK(got == row[i].want, "'%s'", row[i].text);
        if (got == MPL__NUMBER_OK)
            CHECK(x == row[i].x, "'%s' is %.17g", row[i].text, x);
    }
}

/* Bit patterns from a fixed generator (Steele, Lea & Flood 2014, SplitMix64) survive writing and reading. */
static void numbers_survive(void)
{
    uint64_t state = 1;
    size_t bad_round_trip = 0, bad_read = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t z = (state += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        double x, back, libc;
        memcpy(&x, &z, sizeof x);
        if (i % 2)
            x = (double)(z >> 11) * 0x1p-53; /* as measured data are, in (0, 1) */
        if (!isfinite(x))
            continue;
        char text[MPL__NUMBER_SIZE];
        const size_t n = mpl__number_write(x, text);
        bad_round_trip += mpl__number_read(text, n, '.', &back) != MPL__NUMBER_OK || back != x;
        const int m = snprintf(text, sizeof text, "%.*g", 1 + i % 17, x);
        libc = strtod(text, NULL);
        bad_read += isfinite(libc) &&
                    (mpl__number_read(text, (size_t)m, '.', &back) == MPL__NUMBER_NOT || back != libc);
    }
    CHECK(bad_round_trip == 0, "%zu of 100000 doubles changed", bad_round_trip);
    CHECK(bad_read == 0, "%zu of 100000 texts read unlike strtod", bad_read);
}

/* The shortest of 15 to 17 digits, as the C library's %g shows them: also beside powers of ten, and with few digits. */
static void numbers_shortest(void)
{
    uint64_t state = 7;
    size_t unlike = 0;
    for (int i = 0; i < 600000; i++) {
        uint64_t z = (state += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        const double unit = (double)(z >> 11) * 0x1p-53;
        const double values[] = { exp(60 * unit - 25), (double)(z % 2000001) / 1000 - 1000, (double)(z % 100000) * 1.1,
                                  pow(10, (double)(z % 27) - 11) * (1 + ((double)(z % 9) - 4) * 0x1p-52),
                                  ldexp(1 - (double)(z % 3) * 0x1p-53, (int)(z % 84) - 33),  /* gaps change there */
                                  ldexp((z % 2 ? 0.5 : -0.5) + unit / 2, (int)(z % 84) - 33),
                                  ldexp(1 + unit / 50, -10) }; /* 15 digits that are as far off as they can be */
        const double x = values[i % 7];
        char text[MPL__NUMBER_SIZE], want[64];
        const size_t n = mpl__number_write(x, text);
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(want, sizeof want, "%.*g", digits, x == 0 ? 0 : x);
            if (strtod(want, NULL) == x)
                break;
        }
        if (strcmp(text, want) || n != strlen(text))
            unlike++;
    }
    CHECK(unlike == 0, "%zu of 600000 doubles are written unlike printf", unlike);
}

/* Short texts of the bytes that numbers are made of: the grammar once more, by the C library. */
static void numbers_short(void)
{
    static const char bytes[] = "0123456789.-0123456789.,+eE:/ \x80";
    uint64_t state = 11;
    size_t bad = 0, n_numbers = 0;
    for (int i = 0; i < 1000000; i++) {
        char text[12] = "";
        const size_t n = (size_t)i % 11;
        for (size_t j = 0; j < n; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[j] = bytes[(state >> 33) % (state >> 60 ? 12 : sizeof bytes - 1)];
        }
        const size_t power = strcspn(text, "eE");
        char *end;
        const double want = strtod(text, &end);
        const bool is_number = n > 0 && !*end && strspn(text, "0123456789.eE+-") == n;
        double x = NAN;
        const mpl__number_status got = mpl__number_read(text, n, '.', &x);
        if (power < n && got != MPL__NUMBER_NOT && (got == MPL__NUMBER_OVERFLOW || got == MPL__NUMBER_UNDERFLOW))
            continue;
        n_numbers += is_number;
        bad += is_number ? got != MPL__NUMBER_OK || memcmp(&x, &want, sizeof x) : got != MPL__NUMBER_NOT;
    }
    CHECK(bad == 0 && n_numbers > 100000, "%zu of 1000000 texts, %zu of them numbers, are read unlike strtod", bad,
          n_numbers);
}

/* 16 to 19 digits, as printing at full precision makes them, and decimals half way between two doubles. */
static void numbers_long(void)
{
    static const char *const half[] = { "9007199254740993.0", "9007199254740995.0", "4503599627370496.5",
                                        "4503599627370497.5", "2251799813685248.25", "2251799813685248.75",
                                        "9007199254740993.001", "9007199254740992.9" };
    for (size_t i = 0; i < sizeof half / sizeof *half; i++) {
        double x;
        CHECK(mpl__number_read(half[i], strlen(half[i]), '.', &x) == MPL__NUMBER_OK && x == strtod(half[i], NULL), "%s",
              half[i]);
    }
    uint64_t state = 7;
    size_t bad = 0;
    for (int i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        char text[48], digits[24];
        double x;
        const int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)(state >> (i % 12)));
        const int whole = i % n;
        const int m = snprintf(text, sizeof text, "%.*s.%se%d", whole, digits, digits + whole, -(i % 9));
        bad += mpl__number_read(text, (size_t)m, '.', &x) != MPL__NUMBER_OK || x != strtod(text, NULL);
    }
    CHECK(bad == 0, "%zu of 200000 long decimals read unlike strtod", bad);
}

static void numbers_write(void)
{
    static const struct {
        double x;
        const char *shortest, *fixed2, *digits3;
    } row[] = {
        { 0.1, "0.1", "0.10", "0.1" },
        { -0.0, "0", "0.00", "0" },
        { -0.001, "-0.001", "0.00", "-0.001" },
        { 0.1 + 0.2, "0.30000000000000004", "0.30", "0.3" },
        { 1e15, "1e+15", "1000000000000000.00", "1e+15" },
        { 123456, "123456", "123456.00", "1.23e+05" },
        { 2.675, "2.675", "2.67", "2.67" },
    };
    char out[350];
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char shortest[MPL__NUMBER_SIZE];
        mpl__number_write(row[i].x, shortest);
        CHECK_STR(shortest, row[i].shortest, "row %zu", i);
        CHECK(mpl__number_fixed(row[i].x, 2, out) == strlen(out), "length of row %zu", i);
        CHECK_STR(out, row[i].fixed2, "row %zu", i);
        mpl__number_significant(row[i].x, 3, out);
        CHECK_STR(out, row[i].digits3, "row %zu", i);
    }
    char special[MPL__NUMBER_SIZE];
    CHECK(mpl__number_write(NAN, special) == 0 && !*special, "NaN is empty");
    mpl__number_write(-INFINITY, special);
    CHECK_STR(special, "-Inf", "minus infinity");
}

static void utf8(void)
{
    static const struct {
        const char *text;
        size_t valid, columns;
        const char *visible;
    } row[] = {
        { "abc", 3, 3, "abc" },
        { "\xC3\xA9", 2, 1, "\xC3\xA9" },
        { "e\xCC\x81", 3, 1, "e\xCC\x81" },
        { "\xE4\xB8\xAD", 3, 2, "\xE4\xB8\xAD" },
        { "a\nb", 3, 3, "a\\nb" },
        { "\x1B[2J", 4, 4, "\\x1B[2J" },
        { "\xC0\x80", 0, 2, "\\xC0\\x80" },
        { "\xED\xA0\x80", 0, 3, "\\xED\\xA0\\x80" },
        { "\xE2\x80\xAE", 3, 0, "\\u{202E}" },
        { "\xC2\x9B", 2, 1, "\\x9B" },
        { "\xF4\x90\x80\x80", 0, 4, "\\xF4\\x90\\x80\\x80" },
        { "ab\xE4", 2, 3, "ab\\xE4" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        CHECK(mpl__utf8_check(row[i].text, strlen(row[i].text)) == row[i].valid, "row %zu", i);
        CHECK(mpl__utf8_width(row[i].text) == row[i].columns, "row %zu: %zu", i, mpl__utf8_width(row[i].text));
        mpl__text t = { 0 };
        mpl__text_visible(&t, row[i].text);
        CHECK_STR(t.data, row[i].visible, "row %zu", i);
        mpl__text_free(&t);
    }
    for (uint32_t code = 1; code < 0x110000; code += 97) {
        char bytes[4];
        uint32_t back = 0;
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        const size_t n = mpl__utf8_put(code, bytes);
        if (mpl__utf8_next(bytes, n, &back) != n || back != code)
            CHECK(false, "U+%04X became U+%04X", (unsigned)code, (unsigned)back);
    }
}

static void errors(void)
{
    mpl_error err = { .code = MPL_OK };
    CHECK(mpl__fail_at(&err, MPL_ERR_DATA, 3, 2, "sd1i = %s", "-2") == MPL_ERR_DATA, "status");
    CHECK(err.line == 3 && err.column == 2, "place");
    CHECK(mpl__within(&err, MPL_ERR_DATA, "study '%s'", "A") == MPL_ERR_DATA, "status is passed on");
    CHECK_STR(err.message, "study 'A': sd1i = -2", "context");
    CHECK(mpl__within(&err, MPL_OK, "never") == MPL_OK, "nothing to add");
    for (int i = 0; i < 200; i++)
        mpl__within(&err, MPL_ERR_DATA, "a long context");
    CHECK(strlen(err.message) < MPL_ERROR_SIZE, "cut at the end");
    CHECK(mpl__fail(NULL, MPL_ERR_IO, "no one listens") == MPL_ERR_IO, "err may be NULL");
    char cut[MPL_SHOWN_SIZE], number[32];
    CHECK_STR(mpl_text_to_shown("x\x1B[31m\n\xE2\x80\xAE", cut), "x\\x1B[31m\\x0A\\u{202E}", "escaped");
    char big[5000];
    memset(big, 'y', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    CHECK(strlen(mpl_text_to_shown(big, cut)) == 43 && !strcmp(cut + 40, "..."), "cut to 40 columns");
    memset(big, '\x01', sizeof big - 1);
    CHECK(strlen(mpl_text_to_shown(big, cut)) < MPL_SHOWN_SIZE, "escapes stay in bounds");
    CHECK_STR(mpl__show(0.25, number), "0.25", "number");
    CHECK_STR(mpl__show(NAN, number), "NaN", "NaN");
    CHECK_STR(mpl_status_text(MPL_ERR_PARSE), "malformed input", "text");
    CHECK_STR(mpl_status_text((mpl_status)99), "unknown status", "out of range");
    CHECK_STR(mpl_version(), MPL_VERSION, "library and header");
}

static const mpl_method *fruit(size_t i)
{
    static const mpl_method row[] = {
        { .id = "REML", .title = "a" },
        { .id = "DL", .title = "b", .aliases = "DSL moments" },
        { .id = "dl", .title = "c" },
    };
    return i < 3 ? &row[i] : NULL;
}

static void registry(void)
{
    CHECK(mpl_method_find(fruit, "DL") == fruit(1), "exact");
    CHECK(mpl_method_find(fruit, "dl") == fruit(2), "case matters where ids differ by nothing else");
    CHECK(mpl_method_find(fruit, "reml") == fruit(0), "else it does not");
    CHECK(mpl_method_find(fruit, "Moments") == fruit(1), "alias");
    CHECK(mpl_method_find(fruit, "") == NULL && mpl_method_find(fruit, NULL) == NULL, "nothing");
    const mpl_method *m;
    mpl_error err;
    CHECK(mpl__method_get(fruit, "method", "RMEL", &m, &err) == MPL_ERR_NAME, "swap");
    CHECK_STR(err.message, "unknown method 'RMEL'; did you mean 'REML'?", "nearest");
    CHECK(mpl__method_get(fruit, "method", "xyzzy", &m, &err) == MPL_ERR_NAME, "nothing near");
    CHECK_STR(err.message, "unknown method 'xyzzy'; one of: REML DL dl", "all of them");
    CHECK(mpl__has_word("LS UB AV", "UB") && !mpl__has_word("LS UB AV", "U") && !mpl__has_word(NULL, "U"), "words");
}

typedef struct opts {
    bool flag;
    size_t count;
    double real, level;
    mpl_maybe maybe;
    const char *text, *method;
} opts;

static const mpl_option table[] = {
    { .name = "flag", MPL_MEMBER(FLAG, opts, flag) },
    { .name = "count", MPL_MEMBER(COUNT, opts, count), .min = 1, .max = 10, .dflt = "3" },
    { .name = "real", MPL_MEMBER(REAL, opts, real), .min = -1, .max = 1 },
    { .name = "level", MPL_MEMBER(LEVEL, opts, level), .dflt = "0.95" },
    { .name = "maybe", MPL_MEMBER(MAYBE, opts, maybe) },
    { .name = "text", MPL_MEMBER(TEXT, opts, text) },
    { .name = "method", MPL_MEMBER(CHOICE, opts, method), .choice = fruit, .dflt = "REML" },
    { .name = NULL },
};

static void options_read(void)
{
    static const struct {
        size_t row;
        const char *text, *want, *message;
    } row[] = {
        { 0, "true", "true", NULL },
        { 0, "7", NULL, "--flag takes no value, but got '7'" },
        { 1, "10", "10", NULL },
        { 1, "11", NULL, "--count: '11' is not a whole number from 1 to 10" },
        { 1, "2.5", NULL, "--count: '2.5' is not a whole number from 1 to 10" },
        { 1, "99999999999999999999", NULL, "--count: '99999999999999999999' is not a whole number from 1 to 10" },
        { 2, "-0.5", "-0.5", NULL },
        { 2, "7", NULL, "--real: '7' is not a number from -1 to 1" },
        { 3, "95", "0.95", NULL },
        { 3, "0.9", "0.9", NULL },
        { 3, "99.9%", "0.999", NULL },
        { 3, "0", NULL, "--level: '0' is not a level, such as 0.95 or 95" },
        { 3, "1", NULL, "--level: '1' is not a level, such as 0.95 or 95" },
        { 3, "100", NULL, "--level: '100' is not a level, such as 0.95 or 95" },
        { 3, "NaN", NULL, "--level: 'NaN' is not a level, such as 0.95 or 95" },
        { 4, "0", "0", NULL },
        { 4, "x", NULL, "--maybe: 'x' is not a number" },
        { 5, "a b", "a b", NULL },
        { 5, "", NULL, "--text: an empty value" },
        { 6, "dsl", "DL", NULL },
        { 6, "REMLL", NULL, "--method: unknown value 'REMLL'; did you mean 'REML'?" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        opts o = { 0 };
        const opts untouched = o;
        mpl_error err;
        const mpl_status s = mpl_option_read(&table[row[i].row], &o, row[i].text, &err);
        CHECK((s == MPL_OK) == (row[i].want != NULL), "row %zu", i);
        char text[64];
        mpl_option_write(&table[row[i].row], &o, text, sizeof text);
        if (row[i].want)
            CHECK_STR(text, row[i].want, "row %zu", i);
        else
            CHECK(!strcmp(err.message, row[i].message) && !memcmp(&o, &untouched, sizeof o), "row %zu: %s", i,
                  err.message);
    }
}

static void options_resolve(void)
{
    mpl_error err;
    opts o = { .count = 7 };
    CHECK(mpl_options_resolve(table, &o, sizeof o, NULL, &err) == MPL_OK, "%s", err.message);
    CHECK(o.count == 7 && o.level == 0.95 && !strcmp(o.method, "REML"), "given values stay, others are filled");
    o = (opts){ 0 };
    CHECK(mpl_options_resolve(table, &o, sizeof o, "dersimonian-laird", &err) == MPL_OK, "%s", err.message);
    CHECK_STR(o.method, "DL", "the profile comes before the row's default");
    o = (opts){ .method = "reml" };
    CHECK(mpl_options_resolve(table, &o, sizeof o, "dersimonian-laird", &err) == MPL_OK, "%s", err.message);
    CHECK_STR(o.method, "REML", "what is given comes before the profile, and becomes canonical");
    o = (opts){ .count = 11 };
    CHECK(mpl_options_resolve(table, &o, sizeof o, NULL, &err) == MPL_ERR_ARG && o.level == 0, "range, untouched");
    o = (opts){ .real = NAN };
    CHECK(mpl_options_resolve(table, &o, sizeof o, NULL, &err) == MPL_ERR_ARG, "NaN");
    o = (opts){ 0 };
    CHECK(mpl_options_resolve(table, &o, sizeof o, "cochran2025", &err) == MPL_ERR_NAME, "profile");
    CHECK_STR(err.message, "unknown profile 'cochran2025'; did you mean 'cochrane2025'?", "nearest");
    CHECK(mpl_profile_find(NULL) == mpl_profile_find("cochrane2025"), "the default");
}

static void notes(void)
{
    mpl__arena *arena = mpl__arena_new();
    mpl__notes list = { .arena = arena }, copy = { .arena = arena };
    for (int i = 0; i < 20; i++)
        mpl__note_add_row(&list, "code", (size_t)i + 1, "A", "text %d", i);
    mpl__note_add(&list, "all", "whole");
    mpl__note_add_all(&copy, list.items, list.n);
    CHECK(copy.n == 21 && !copy.failed, "all copied");
    CHECK_STR(copy.items[19].text, "text 19", "in order");
    CHECK(copy.items[20].study == NULL && copy.items[20].row == 0, "on the whole analysis");
    mpl__arena_free(arena);
}

/* A decimal comma in the host's locale changes nothing. Skipped in silence only where no such locale exists. */
static void locale_does_not_matter(void)
{
    static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_ALL, names[i]))
            break;
    numbers_read();
    numbers_write();
    setlocale(LC_ALL, "C");
}

int main(void)
{
    arena_gives_zeroed_separate_memory();
    numbers_read();
    numbers_survive();
    numbers_shortest();
    numbers_short();
    numbers_long();
    numbers_write();
    utf8();
    errors();
    registry();
    options_read();
    options_resolve();
    notes();
    locale_does_not_matter();
    return check_done();
}
