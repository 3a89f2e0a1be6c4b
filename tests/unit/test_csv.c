/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV and TSV: what is read, what is refused and how, encodings, limits, endless input. */
#include "dataset_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct row {
    const char *name, *bytes;
    mpl_read_options options;
    const char *want;
} row;

static void run(const row *rows, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        CHECK_STR(read_text(rows[i].bytes, strlen(rows[i].bytes), name, &rows[i].options), rows[i].want, "%s",
                  rows[i].name);
}

#define PLAIN "study:slab yi:yi# | A@2 A -0.5 | B@3 B 0.2"

static const row readable[] = {
    { "plain", "study,yi\nA,-0.5\nB,0.2\n", { 0 }, PLAIN },
    { "CRLF", "study,yi\r\nA,-0.5\r\nB,0.2\r\n", { 0 }, PLAIN },
    { "CR", "study,yi\rA,-0.5\rB,0.2\r", { 0 }, PLAIN },
    { "no line end at the end", "study,yi\nA,-0.5\nB,0.2", { 0 }, PLAIN },
    { "byte-order mark", "\xEF\xBB\xBFstudy,yi\nA,-0.5\nB,0.2\n", { 0 }, PLAIN },
    { "blanks around cells", " study ,\tyi\n A , -0.5\t\nB,0.2 \n", { 0 }, PLAIN },
    { "all quoted", "\"study\",\"yi\"\n\"A\",\"-0.5\"\n\"B\",\"0.2\"\n", { 0 }, PLAIN },
    { "blanks around quotes", "study, \"yi\" \nA, \"-0.5\"\n\"B\" ,0.2\n", { 0 }, PLAIN },
    { "blank lines keep line numbers", "\n  \nstudy,yi\n\nA,1\n \t \nB,2\n\n", { 0 },
      "study:slab yi:yi# | A@5 A 1 | B@7 B 2" },
    { "embedded line ends", "study,yi\n\"A\nb\r\nc\",1\nB,2\n", { 0 },
      "study:slab yi:yi# | A\nb\r\nc@2 A\nb\r\nc 1 | B@5 B 2" },
    { "doubled quotes", "study,yi\n\"a\"\"b,\"\"\",1\n\"\"\"\",2\n", { 0 },
      "study:slab yi:yi# | a\"b,\"@2 a\"b,\" 1 | \"@3 \" 2" },
    { "rows without text at the end", "study,yi\nA,1\n,\n,,,\n\"\",\n", { 0 }, "study:slab yi:yi# | A@2 A 1" },
    { "row without text in the middle", "study,yi\nA,1\n,\nB,2\n", { 0 },
      "study:slab yi:yi# | A@2 A 1 | row 2@3 - - | B@4 B 2" },
    { "delimiter at each end", "study,yi,\nA,1,\nB,2,\n", { 0 },
      "study:slab yi:yi# | A@2 A 1 | B@3 B 2 | column-ignored" },
    { "unnamed column with text", "study,,yi\nA,x,1\n", { 0 },
      "study:slab column 2 yi:yi# | A@2 A x 1 | column-unnamed" },
    { "header only", "study,yi\n", { 0 }, "study:slab# yi:yi#" },
    { "one column", "yi\n1\n2\n", { 0 }, "yi:yi# | row 1@2 1 | row 2@3 2" },
    { "tabs", "study\tyi\nA\t-0.5\nB\t0.2\n", { 0 }, "study:slab yi:yi# | A@2 A -0.5 | B@3 B 0.2 | delimiter" },
    { "tabs and commas", "author, year\tyi\nA, 2001\t1\nB, 2002\t2\n", { 0 },
      "author, year yi:yi# | row 1@2 A, 2001 1 | row 2@3 B, 2002 2 | delimiter" },
    { "semicolons, decimal comma", "study;yi\nA;-0,5\nB;0,2\n", { 0 },
      "study:slab yi:yi# | A@2 A -0,5 | B@3 B 0,2 | delimiter decimal-comma" },
    { "semicolons, decimal point", "study;yi\nA;-0.5\nB;1\n", { 0 },
      "study:slab yi:yi# | A@2 A -0.5 | B@3 B 1 | delimiter" },
    { "semicolons, both signs", "study;yi\nA;-0.5\nB;0,2\n", { 0 },
      "study:slab yi:yi | A@2 A -0.5 | B@3 B 0,2 | delimiter" },
    { "delimiter inside quotes does not count", "\"a;b;c\",yi\n\"x;y;z\",1\n", { 0 },
      "a;b;c yi:yi# | row 1@2 x;y;z 1" },
    { "sep line", "sep=|\nstudy|yi\nA|1\n", { 0 }, "study:slab yi:yi# | A@3 A 1" },
    { "sep line against sniffing", "sep=,\na;b,yi\n1;2,3\n", { 0 }, "a;b yi:yi# | row 1@3 1;2 3" },
    { "given delimiter", "study|yi\nA|1\n", { .delim = "|" }, "study:slab yi:yi# | A@2 A 1" },
    { "given tab", "study\tyi\nA\t1\n", { .delim = "tab" }, "study:slab yi:yi# | A@2 A 1" },
    { "given decimal comma", "study,yi\nA,\"0,5\"\n", { .decimal = "," }, "study:slab yi:yi# | A@2 A 0,5" },
    { "comments", "# made by hand\nstudy,yi\n#A,1\nB,2\n", { .comment = "#" }, "study:slab yi:yi# | B@4 B 2" },
    { "comment sign in quotes", "study,yi\n\"x\n#y\",1\n", { .comment = "#" },
      "study:slab yi:yi# | x\n#y@2 x\n#y 1" },
    { "missing", "study,yi,vi\nA,NA,1\nB,N/A,NaN\nC,#N/A,NULL\nD,.,\n", { 0 },
      "study:slab yi:yi# vi:vi# | A@2 A - 1 | B@3 B - - | C@4 C - - | D@5 D - -" },
    { "zero and 999 are not missing", "yi,vi\n0,999\n", { 0 }, "yi:yi# vi:vi# | row 1@2 0 999" },
    { "own missing list", "study,yi\nNA,-999\nB,\nC,NA\n", { .missing = "-999,x" },
      "study:slab yi:yi | NA@2 NA - | B@3 B - | C@4 C NA" },
    { "own missing list with gaps", "study,yi\nA,x\n", { .missing = ",,x,," }, "study:slab yi:yi# | A@2 A -" },
    { "own missing list of nothing", "study,yi\nNA,1\n", { .missing = "" }, "study:slab yi:yi# | NA@2 NA 1" },
    { "underflow", "yi,vi\n1e-400,1\n", { 0 }, "yi:yi# vi:vi# | row 1@2 1e-400 1 | underflow" },
    { "Windows-1252", "study,yi\nAndr\xE9 \x96 x,1\n", { 0 },
      "study:slab yi:yi# | Andr\xC3\xA9 \xE2\x80\x93 x@2 Andr\xC3\xA9 \xE2\x80\x93 x 1 | encoding" },
};

static void reads(void)
{
    run(readable, sizeof readable / sizeof *readable, "x.csv");
    const row tsv[] = { { "TSV by name", "a,b\tyi\n1,x\t3\n", { 0 }, "a,b yi:yi# | row 1@2 1,x 3" } };
    run(tsv, 1, "x.TSV");
    const row by_content[] = { { "CSV by content", "study,yi\nA,1\n", { 0 }, "study:slab yi:yi# | A@2 A 1" },
                               { "JSON by content", "\n [{\"yi\": 1}]", { 0 }, "yi:yi# | row 1@2 1" },
                               { "TSV by option", "a,b\tyi\n1,x\t3\n", { .format = "tsv" },
                                 "a,b yi:yi# | row 1@2 1,x 3" } };
    run(by_content, 3, "x");
}

static void refuses(void)
{
    const row rows[] = {
        { "empty", "", { 0 }, "3 0:0 x.csv: empty input" },
        { "blank", "\n \n", { 0 }, "3 0:0 x.csv: empty input" },
        { "open quote", "study,yi\n\"A,1\nB,2\n", { 0 },
          "3 2:1 x.csv line 2, field 1: the quote opened here is never closed" },
        { "text after quote", "study,yi\nA,\"1\"x\n", { 0 },
          "3 2:2 x.csv line 2, field 2: text after the closing quote; a quote inside a quoted field is doubled" },
        { "quote inside", "study,yi\nA,1\nx\"y,2\n", { 0 },
          "3 3:1 x.csv line 3, field 1: a quote inside an unquoted field; quote the whole field and double this one" },
        { "long row", "study,yi\nA,1\nB,2,3\n", { 0 },
          "3 3:3 x.csv line 3: 3 fields, but the header has 2; a text with a comma is quoted, and numbers have a "
          "point" },
        { "short row", "study,yi\nA\n", { 0 }, "3 2:1 x.csv line 2: 1 field, but the header has 2" },
        { "row without text and other length in the middle", "study,yi\nA,1\n,,\nB,2\n", { 0 },
          "3 3:3 x.csv line 3: 3 fields, but the header has 2; a text with a comma is quoted, and numbers have a "
          "point" },
        { "comment not asked for", "# made by hand\nstudy,yi\nA,1\n", { 0 },
          "3 2:2 x.csv line 2: 2 fields, but the header has 1; is the first line a comment? skip it with --comment" },
        { "duplicate name", "a,yi,b, yi\n1,2,3,4\n", { 0 }, "3 1:4 x.csv line 1: column 'yi' appears twice (2 and 4)" },
        { "no header", "0.5,0.1\n0.3,0.2\n", { 0 },
          "3 1:1 x.csv line 1: the first line holds numbers; it must hold the column names" },
        { "mark inside", "study,yi\nA,1\n\xEF\xBB\xBF" "B,2\n", { 0 },
          "3 3:1 x.csv line 3, field 1: a byte-order mark inside the data; were two files joined?" },
        { "overlong", "study,yi\nA,1\n\xC0\x80,2\n", { 0 }, "3 3:1 x.csv line 3, field 1: invalid UTF-8" },
        { "mark inside, CRLF", "study,yi\r\nA,1\r\n\"x\r\ny\",\xEF\xBB\xBF\r\n", { 0 },
          "3 4:2 x.csv line 4, field 2: a byte-order mark inside the data; were two files joined?" },
        { "mark inside, CR", "study,yi\rA,1\r\xEF\xBB\xBF,2", { 0 },
          "3 3:1 x.csv line 3, field 1: a byte-order mark inside the data; were two files joined?" },
        { "surrogate", "study,yi\nA,1\nB,\xED\xA0\x80\n", { 0 }, "3 3:2 x.csv line 3, field 2: invalid UTF-8" },
        { "mixed encodings", "study,yi\nAndr\xC3\xA9,1\nRen\xE9,2\n", { 0 },
          "3 3:1 x.csv line 3, field 1: invalid UTF-8" },
        { "no encoding", "study,yi\n\x81,1\n", { 0 },
          "3 2:1 x.csv line 2, field 1: neither UTF-8 nor Windows-1252; save as UTF-8" },
        { "gzip", "\x1F\x8B\x08", { 0 },
          "3 0:0 x.csv: not text: looks like gzip, as in .gz, .rds and .rda; unpack it or export as CSV" },
        { "XLSX", "PK\x03\x04", { 0 }, "3 0:0 x.csv: not text: looks like ZIP, as in XLSX and ODS; export as CSV" },
        { "delimiter too long", "a,b\n", { .delim = "ab" },
          "1 0:0 --delim: 'ab' cannot divide fields; use one character such as ; or tab" },
        { "delimiter is a digit", "a,b\n", { .delim = "1" },
          "1 0:0 --delim: '1' cannot divide fields; use one character such as ; or tab" },
        { "delimiter is the decimal sign", "a,b\n", { .delim = ",", .decimal = "," },
          "1 0:0 --delim: ',' cannot divide fields; use one character such as ; or tab" },
        { "decimal", "a,b\n", { .decimal = "x" }, "1 0:0 --decimal: 'x' is neither . nor ," },
        { "format", "a,b\n", { .format = "cvs" }, "2 0:0 unknown input format 'cvs'; did you mean 'csv'?" },
        { "strict", "study,yi\nA,1\nB,NA\n", { .strict = true },
          "3 3:2 x.csv line 3, field 2: 'yi' is missing, and --strict was asked for" },
    };
    run(rows, sizeof rows / sizeof *rows, "x.csv");
    CHECK_STR(read_text("a,yi\nx\0y,1\n", 11, "x.csv", NULL),
              "3 2:1 x.csv line 2, field 1: a NUL byte; this is not text, or UTF-16 without a byte-order mark: save as "
              "UTF-8", "NUL");
    CHECK_STR(read_text("a,yi\n1,2\n", 9, "\x1B[2J.csv", NULL), "a# yi:yi# | row 1@2 1 2", "name with controls");
    CHECK_STR(read_text("a,a\n", 4, "\x1B[2J.csv", NULL),
              "3 1:2 \\x1B[2J.csv line 1: column 'a' appears twice (1 and 2)", "name with controls in a message");
}

/* Text as UTF-16 with a mark, both byte orders. */
static void utf16(void)
{
    static const unsigned text[] = { 's', ',', 'y', 'i', '\n', 0xE9, 0x20AC, 0xD83D, 0xDE00, 0xDBFF, 0xDFFF, ',', '1',
                                     '\n' };
    enum { N = sizeof text / sizeof *text };
    for (int big = 0; big < 2; big++) {
        char bytes[2 * N + 2];
        for (size_t i = 0; i <= N; i++) {
            const unsigned code = i ? text[i - 1] : 0xFEFF;
            bytes[2 * i + (big ? 0 : 1)] = (char)(code >> 8);
            bytes[2 * i + (big ? 1 : 0)] = (char)code;
        }
        CHECK_STR(read_text(bytes, sizeof bytes, "x.csv", NULL),
                  "s yi:yi# | row 1@2 \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF 1 | encoding", "big %d",
                  big);
        CHECK_STR(read_text(bytes, sizeof bytes - 1, "x.csv", NULL), "3 2:0 x.csv line 2: invalid UTF-16",
                  "cut, big %d", big);
    }
}

static void limits(void)
{
    enum { BIG = (1 << 20) + 64 };
    char *const text = malloc(4 * BIG);
    if (!text)
        check_die("no memory for", "limits");
    size_t n = strlen(strcpy(text, "study,yi\nA,1\n"));
    memset(text + n, 'x', BIG);
    memcpy(text + n + BIG, ",2\n", 3);
    CHECK_STR(read_text(text, n + BIG + 3, "x.csv", NULL), "9 3:1 x.csv line 3, field 1: longer than 1 MiB", "field");
    text[n + (1 << 20)] = ',';
    memcpy(text + n + (1 << 20) + 1, "2\n", 2);
    CHECK(strncmp(read_text(text, n + (1 << 20) + 3, "x.csv", NULL), "study", 5) == 0, "a field of 1 MiB is read");
    n = 0;
    for (size_t c = 0; c < 65536; c++)
        n += (size_t)sprintf(text + n, "%sc%zu", c ? "," : "", c);
    memcpy(text + n, ",more\n", 6);
    CHECK_STR(read_text(text, n + 6, "x.csv", NULL), "9 1:0 x.csv line 1: more than 65536 fields", "columns");
    text[n] = '\n';
    CHECK(strncmp(read_text(text, n + 1, "x.csv", NULL), "c0", 2) == 0, "65536 columns are read");
    free(text);
}

/* Reads "-" while a child writes blocks of n bytes that repeat `unit`; one after the other, or for ever. */
static mpl_status read_pipe(const char *unit, size_t size, size_t n, bool for_ever, mpl_dataset **d, mpl_error *err)
{
    int ends[2];
    const int saved = dup(STDIN_FILENO);
    CHECK(pipe(ends) == 0 && saved >= 0, "pipe");
    const pid_t child = fork();
    if (child == 0) {
        char block[4096];
        for (size_t i = 0; i < sizeof block; i++)
            block[i] = unit[i % size];
        close(ends[0]);
        for (size_t i = 0; (for_ever || i < size) && write(ends[1], block + (for_ever ? 0 : i), n) > 0; i += n)
            ;
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const mpl_status s = mpl_dataset_read("-", NULL, d, err);
    dup2(saved, STDIN_FILENO);
    close(saved);
    return s;
}

/* Reading must end with a limit, soon. */
static void endless(const char *unit, const char *want)
{
    mpl_dataset *d = NULL;
    mpl_error err = { .message = "" };
    const size_t size = strlen(unit);
    CHECK(read_pipe(unit, size, 4096 - 4096 % size, true, &d, &err) == MPL_ERR_LIMIT && !d, "endless %s", unit);
    CHECK_STR(err.message, want, "endless %s", unit);
}

/* Byte by byte, what it is cannot be seen at once. */
static void short_reads(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *want;
    } rows[] = {
        { "study,yi\nA,1\n", 13, "study:slab yi:yi# | A@2 A 1" },
        { "\xFF\xFEy\0i\0\n\0" "1\0", 10, "yi:yi# | row 1@2 1 | encoding" },
        { "\n [{\"yi\":1}]", 12, "yi:yi# | row 1@2 1" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        if (CHECK(read_pipe(rows[i].bytes, rows[i].size, 1, false, &d, &err) == MPL_OK, "%zu: %s", i, err.message))
            CHECK_STR(dataset_text(d), rows[i].want, "row %zu", i);
        mpl_dataset_free(d);
    }
}

static void files(void)
{
    static const struct {
        const char *path;
        mpl_status status;
        const char *want;
    } rows[] = {
        { "/", MPL_ERR_IO, "cannot read '/': Is a directory" },
        { "no/such/file.csv", MPL_ERR_IO, "cannot open 'no/such/file.csv': No such file or directory" },
        { "iief-chnage", MPL_ERR_IO,
          "no file and no bundled dataset 'iief-chnage'; did you mean the dataset 'iief-change'?" },
        { "/dev/zero", MPL_ERR_PARSE,
          "/dev/zero line 1, field 1: a NUL byte; this is not text, or UTF-16 without a byte-order mark: save as "
          "UTF-8" },
        { "/dev/null", MPL_ERR_PARSE, "/dev/null: empty input" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        CHECK(mpl_dataset_read(rows[i].path, NULL, &d, &err) == rows[i].status && !d, "%s", rows[i].path);
        CHECK_STR(err.message, rows[i].want, "%s", rows[i].path);
    }
    char path[] = "/tmp/metapool-csv-XXXXXX";
    const int fd = mkstemp(path);
    mpl_dataset *d = NULL;
    mpl_error err = { .message = "" };
    CHECK(fd >= 0 && write(fd, "\xFE\xFF\0y\0\n\0" "1", 8) == 8 && close(fd) == 0, "a UTF-16 file");
    if (CHECK(mpl_dataset_read(path, NULL, &d, &err) == MPL_OK, "UTF-16 from a file: %s", err.message))
        CHECK_STR(dataset_text(d), "y# | row 1@2 1 | encoding", "UTF-16 from a file");
    mpl_dataset_free(d);
    unlink(path);
    endless("y\n", "stdin: more than 16777216 lines");
    endless("abcd", "stdin: a field is longer than 1 MiB; is a quote left open?");
    endless("\"x,\n", "stdin: more than 16777216 lines");
}

/* Of a long name messages show the end, from a whole character on. */
static void long_name(void)
{
    char name[300] = "";
    for (size_t i = 0; i < 100; i++)
        strcat(name, "\xC3\xA9");
    strcat(name, "x.csv");
    const char *const got = read_text("a,a\n", 4, name, NULL);
    CHECK(!strncmp(got, "3 1:2 ...\xC3\xA9", 11) && strstr(got, "\xC3\xA9x.csv line 1") && strlen(got) < 220, "%s",
          got);
}

/* Every table of this length in one block: a byte read behind its end is seen by the sanitizer. */
static void any_length(void)
{
    static const char text[] = "sep=,\nstudy,yi\n\"A \"\"x\"\"\",1\r\nB,\"2\"\n#c\n,\n";
    for (size_t n = 0; n < sizeof text; n++) {
        char *const copy = malloc(n ? n : 1);
        if (!copy)
            check_die("no memory for", "any_length");
        memcpy(copy, text, n);
        const char *const got = read_text(copy, n, "x.csv", &(mpl_read_options){ .comment = "#" });
        CHECK(*got, "%zu bytes", n);
        free(copy);
    }
}

int main(void)
{
    reads();
    refuses();
    utf16();
    limits();
    files();
    short_reads();
    long_name();
    any_length();
    return check_done();
}
