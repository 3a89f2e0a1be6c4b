/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: every accepted shape, the grammar to the letter, places of errors, limits, linear time. */
#include "dataset_text.h"

#include <time.h>

typedef struct row {
    const char *name, *bytes, *want;
} row;

static void run(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK_STR(read_text(rows[i].bytes, strlen(rows[i].bytes), "x.json", NULL), rows[i].want, "%s", rows[i].name);
}

static void shapes(void)
{
    static const char two[] = "study:slab yi:yi# | A@1 A -0.5 | B@1 B 2e1";
    const row rows[] = {
        { "records", "[{\"study\":\"A\",\"yi\":-0.5},{\"study\":\"B\",\"yi\":2e1}]", two },
        { "byte-order mark", "\xEF\xBB\xBF[{\"study\":\"A\",\"yi\":-0.5},{\"study\":\"B\",\"yi\":2e1}]", two },
        { "report", "{\"schema\":\"x/1\",\"data\":{\"k\":2},\"studies\":[{\"study\":\"A\",\"yi\":-0.5},"
                    "{\"study\":\"B\",\"yi\":2e1}]}", two },
        { "rows of a resource", "{\"data\":[[\"study\",\"yi\"],[\"A\",-0.5],[\"B\",2e1]]}", two },
        { "records of a resource",
          "{\"name\":\"x\",\"data\":[{\"study\":\"A\",\"yi\":-0.5},{\"study\":\"B\",\"yi\":2e1}]}", two },
        { "columns", "{\"study\":[\"A\",\"B\"],\"yi\":[-0.5,2e1]}", "study:slab yi:yi# | A@0 A -0.5 | B@0 B 2e1" },
        { "columns of a resource", "{\"data\":{\"yi\":[1]}}", "yi:yi# | row 1@0 1" },
        { "lines", "[\n{\"yi\":1},\r\n\r\n {\"yi\"\n:2}]", "yi:yi# | row 1@2 1 | row 2@4 2" },
        { "keys in another order, and more", "[{\"a\":1,\"b\":2},{\"b\":3,\"c\":4,\"a\":5}]",
          "a# b# c# | row 1@1 1 2 - | row 2@1 5 3 4" },
        { "null, booleans, blanks", "[{\"a\":null,\"b\":true,\"c\":\" x \",\"d\":\"\",\"e\":\"NA\",\"f\":false}]",
          "a# b c d# e# f | row 1@1 - true x - - false" },
        { "numbers in quotes", "[{\"yi\":\"0.5\"}]", "yi:yi# | row 1@1 0.5" },
        { "numbers keep their text", "[{\"x\":9007199254740993,\"y\":0.1000,\"z\":1e-400}]",
          "x# y# z# | row 1@1 9007199254740993 0.1000 1e-400 | underflow" },
        { "number longer than cJSON reads",
          "[{\"x\":0.1234567890123456789012345678901234567890123456789012345678901234567890}]",
          "x# | row 1@1 0.1234567890123456789012345678901234567890123456789012345678901234567890" },
        { "texts that look like our tags", "[{\"a\":\"n1\",\"b\":\"s\",\"c\":\"nx\"}]", "a b c | row 1@1 n1 s nx" },
        { "capital hexadecimal digits", "[{\"a\":\"\\u00E9\\uD83D\\uDE00\"}]", "a | row 1@1 \xC3\xA9\xF0\x9F\x98\x80" },
        { "escapes", "[{\"a\":\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\n\"}]",
          "a | row 1@1 \xC3\xA9\xF0\x9F\x98\x80\"\\/\n" },
        { "keys with escapes", "[{\"a\\\"\\u0062\":1}]", "a\"b# | row 1@1 1" },
        { "schema", "{\"data\":[{\"x\":1,\"y\":\"-9\",\"t\":\"T\"}],"
                    "\"schema\":{\"missingValues\":[\"\",\"-9\"],\"fields\":["
                    "{\"name\":\"t\",\"role\":\"slab\"},{\"name\":\"x\",\"role\":\"yi\"},{\"name\":\"y\"}]}}",
          "x:yi# y# t:slab | T@1 1 - T" },
    };
    run(rows, sizeof rows / sizeof *rows);
}

static void info(void)
{
    static const char text[] =
        "{\"name\":\"mine\",\"title\":\"My data\",\"kind\":\"published\",\"measure\":\"SMD\",\"description\":\"about\","
        "\"sources\":[{\"title\":\"Me 2020\",\"path\":\"https://doi.org/10.1/x\"}],"
        "\"licenses\":[{\"name\":\"CC0-1.0\"}],\"warnings\":[\"one\",\"two\"],\"data\":[{\"yi\":1}],"
        "\"schema\":{\"fields\":[{\"name\":\"yi\",\"title\":\"T\"}]}}";
    mpl_dataset *d;
    mpl_error err;
    if (!CHECK(mpl_dataset_read_bytes(text, strlen(text), "x.json", NULL, &d, &err) == MPL_OK, "%s", err.message))
        return;
    CHECK_STR(d->info->id, "mine", "id");
    CHECK_STR(d->info->title, "My data", "title");
    CHECK_STR(d->info->kind, "published", "kind");
    CHECK_STR(d->info->measure, "SMD", "measure");
    CHECK_STR(d->info->about, "about", "about");
    CHECK_STR(d->info->source, "Me 2020", "source");
    CHECK_STR(d->info->licence, "CC0-1.0", "licence");
    CHECK(d->info->n_warnings == 2, "warnings");
    CHECK_STR(d->info->warnings[1], "two", "warning");
    CHECK_STR(d->columns[0].title, "T", "title of a column");
    CHECK_STR(d->columns[0].role, "yi", "a schema without roles leaves them to the names");
    mpl_dataset_free(d);
}

static void refuses(void)
{
    const row rows[] = {
        { "empty", " \n", "3 0:0 x.json: empty input" },
        { "scalar", "1", "3 0:0 x.json: neither an array nor an object" },
        { "no records", "[]", "3 1:1 x.json line 1, column 1: an empty array; records were expected" },
        { "records without keys", "[{}]", "3 1:1 x.json line 1, column 1: no columns" },
        { "trailing text", "[{\"yi\":1}]\n x", "3 2:2 x.json line 2, column 2: text after the end of the document" },
        { "two documents", "{\"a\":[1]}{}", "3 1:10 x.json line 1, column 10: text after the end of the document" },
        { "duplicate key", "[{\"yi\":1},\n{\"yi\":1,\"vi\":2,\"yi\":3}]",
          "3 2:1 x.json line 2, column 1: the key 'yi' appears twice in the object that begins here" },
        { "duplicate key among sixteen",
          "[{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,"
          "\"n\":1,\"o\":1,\"a\":1}]",
          "3 1:2 x.json line 1, column 2: the key 'a' appears twice in the object that begins here" },
        { "lines of other systems", "[\r\n{\r\"yi\"\r\n: x}]", "3 4:3 x.json line 4, column 3: not a value" },
        { "duplicate key, written differently", "[{\"yi\":1,\"\\u0079i\":3}]",
          "3 1:2 x.json line 1, column 2: the key 'yi' appears twice in the object that begins here" },
        { "names that differ by blanks", "[{\"yi\":1,\" yi \":3}]",
          "3 0:0 x.json: column 'yi' appears twice (1 and 2)" },
        { "NaN", "[{\"yi\":NaN}]", "3 1:8 x.json line 1, column 8: not JSON; a missing number is null" },
        { "Infinity", "[{\"yi\":-Infinity}]", "3 1:9 x.json line 1, column 9: not a value" },
        { "overflow", "[{\"yi\":1e309}]",
          "3 1:8 x.json line 1, column 8: the number is beyond the largest double, 1.8e308" },
        { "leading zero", "[{\"yi\":01}]", "3 1:10 x.json line 1, column 10: a number cannot begin with 0" },
        { "no fraction", "[{\"yi\":1.}]", "3 1:10 x.json line 1, column 10: a digit must follow the decimal point" },
        { "no exponent", "[{\"yi\":1e}]", "3 1:10 x.json line 1, column 10: a digit must follow in the exponent" },
        { "plus", "[{\"yi\":+1}]", "3 1:8 x.json line 1, column 8: not a value" },
        { "point first", "[{\"yi\":.5}]", "3 1:8 x.json line 1, column 8: not a value" },
        { "hexadecimal", "[{\"yi\":0x1}]", "3 1:9 x.json line 1, column 9: a comma or } was expected" },
        { "\\u0000", "[{\"a\":\"x\\u0000\"}]", "3 1:10 x.json line 1, column 10: \\u0000 in a text" },
        { "high surrogate", "[{\"a\":\"\\ud800\"}]", "3 1:9 x.json line 1, column 9: half of a surrogate pair" },
        { "low surrogate", "[{\"a\":\"\\udc00\"}]", "3 1:9 x.json line 1, column 9: half of a surrogate pair" },
        { "high twice", "[{\"a\":\"\\ud800\\ud800\"}]", "3 1:9 x.json line 1, column 9: half of a surrogate pair" },
        { "short \\u", "[{\"a\":\"\\u12\"}]", "3 1:9 x.json line 1, column 9: \\u needs four hexadecimal digits" },
        { "no such escape", "[{\"a\":\"\\x\"}]", "3 1:9 x.json line 1, column 9: not an escape" },
        { "raw tab", "[{\"a\":\"\t\"}]",
          "3 1:8 x.json line 1, column 8: an unescaped control character in a text" },
        { "cut in a text", "[{\"a\":\"b", "3 1:9 x.json line 1, column 9: the text ends too early" },
        { "cut in an object", "[{\"a\":1,", "3 1:9 x.json line 1, column 9: the text ends too early" },
        { "cut in a word", "[{\"a\":tru", "3 1:7 x.json line 1, column 7: not a value" },
        { "comma at the end", "[{\"a\":1},]", "3 1:10 x.json line 1, column 10: not a value" },
        { "comma at the end of an object", "[{\"a\":1,}]",
          "3 1:9 x.json line 1, column 9: a key in quotes was expected" },
        { "no colon", "[{\"a\" 1}]", "3 1:7 x.json line 1, column 7: a colon was expected" },
        { "comment", "[/* x */]", "3 1:2 x.json line 1, column 2: not a value" },
    };
    run(rows, sizeof rows / sizeof *rows);
}

/* Valid JSON that is no table. */
static void refuses_shapes(void)
{
    const row rows[] = {
        { "nested value", "[{\"a\":1},\n {\"a\":[1]}]",
          "3 2:7 x.json line 2, column 7: 'a' is an object or array; a number, a text or null was expected" },
        { "mixed items", "[{\"a\":1},[1]]",
          "3 1:1 x.json line 1, column 1: the items of this array must all be objects, or all arrays" },
        { "columns of different length", "{\"a\":[1],\"b\":[1,2]}",
          "3 1:14 x.json line 1, column 14: column 'b' and the first one differ in length" },
        { "rows of different length", "{\"data\":[[\"a\"],[1,2]]}",
          "3 1:16 x.json line 1, column 16: this row and the first one differ in length" },
        { "numbers for names", "[[1],[2]]", "3 1:2 x.json line 1, column 2: the first row must hold the column names" },
        { "no data", "{\"a\":1}",
          "3 1:1 x.json line 1, column 1: 'a' is not an array; records, columns or \"data\" were expected" },
        { "package", "{\"resources\":[]}",
          "3 1:1 x.json line 1, column 1: a data package; give one of its data files" },
        { "resource elsewhere", "{\"path\":\"x.csv\",\"schema\":{}}",
          "3 1:1 x.json line 1, column 1: a resource without \"data\"; give the file that its \"path\" names" },
        { "role of a schema", "{\"data\":[{\"x\":1}],\"schema\":{\"fields\":[{\"name\":\"x\",\"role\":\"y\"}]}}",
          "2 0:0 x.json: unknown role 'y'; did you mean 'yi'?" },
        { "name of blanks", "[{\" \":1}]", "3 1:1 x.json line 1, column 1: a column without a name" },
    };
    run(rows, sizeof rows / sizeof *rows);
}

static void limits(void)
{
    char deep[200];
    for (size_t depth = 63; depth <= 65; depth++) {
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        const char *const got = read_text(deep, 2 * depth, "x.json", NULL);
        CHECK((strstr(got, "9 0:0 x.json: JSON nested deeper than 64") != NULL) == (depth > 64), "%zu: %s", depth, got);
    }
    enum { BIG = (1 << 20) + 1 };
    char *const text = malloc(BIG + 100);
    if (!text)
        check_die("no memory for", "limits");
    memcpy(text, "[{\"a\":\"", 7);
    memset(text + 7, 'x', BIG);
    memcpy(text + 7 + BIG, "\"}]", 3);
    CHECK_STR(read_text(text, BIG + 10, "x.json", NULL), "9 0:0 x.json: a text is longer than 1 MiB", "text");
    free(text);
}

/* Twice the records may not take much more than twice the time: 8 times leaves room for a busy machine. */
static double seconds(size_t n, const char *fmt)
{
    char *const text = malloc(64 * n + 16);
    if (!text)
        check_die("no memory for", "seconds");
    size_t size = 0;
    text[size++] = '[';
    for (size_t i = 0; i < n; i++)
        size += (size_t)snprintf(text + size, 64, fmt, i ? "," : "", i, i);
    text[size++] = ']';
    double best = INFINITY;
    for (int turn = 0; turn < 3; turn++) {
        struct timespec a, b;
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        const mpl_status s = mpl_dataset_read_bytes(text, size, "x.json", NULL, &d, &err);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        CHECK(s == MPL_OK, "%zu records: %s", n, err.message);
        mpl_dataset_free(d);
        const double t = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
        best = t < best ? t : best;
    }
    free(text);
    return best;
}

static void linear(void)
{
    const double few = seconds(20000, "%s{\"yi\":%zu,\"vi\":%zu}"), many = seconds(80000, "%s{\"yi\":%zu,\"vi\":%zu}");
    CHECK(many < 16 * few + 0.05, "20000 records in %.3f s, 80000 in %.3f s", few, many);
    /* Another key in each record is one column each: refused before the cells are laid out. */
    char *const text = malloc(70000 * 24);
    if (!text)
        check_die("no memory for", "linear");
    size_t n = 0;
    for (size_t i = 0; i < 60000; i++)
        n += (size_t)sprintf(text + n, "%s{\"k%zu\":1}", i ? "," : "[", i);
    text[n++] = ']';
    CHECK_STR(read_text(text, n, "x.json", NULL), "9 0:0 x.json: more than 50000000 cells", "keys");
    n = 0;
    for (size_t i = 0; i < 60000; i++)
        n += (size_t)sprintf(text + n, "%s\"k%zu\":1", i ? "," : "[{", i);
    memcpy(text + n, ",\"k7\":2}]", 9);
    CHECK_STR(read_text(text, n + 9, "x.json", NULL),
              "3 1:2 x.json line 1, column 2: the key 'k7' appears twice in the object that begins here", "many keys");
    free(text);
}

int main(void)
{
    shapes();
    info();
    refuses();
    refuses_shapes();
    limits();
    linear();
    return check_done();
}
