/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's table machinery on commands made for the test: parsing, help, man pages, completion. */
#include <stdlib.h>

#include "check.h"
#include "cli/cli.h"

struct first {
    bool flag, other;
    size_t count;
    double level, real;
    mpl_maybe maybe;
};

struct second {
    const char *text, *choice, *column;
    size_t count;
};

struct args {
    struct first first;
    struct second second;
};

static const mpl_method colours[] = { { .id = "red", .title = "like blood", .cite = "Newton 1704, Opticks" },
                                      { .id = "green", .title = "like grass", .about = ".not a request" } };

static const mpl_method *colour_method(size_t i)
{
    return i < 2 ? &colours[i] : NULL;
}

static const mpl_option first_rows[] = {
    { .name = "flag", .letter = 'f', MPL_MEMBER(FLAG, struct first, flag), .help = "a flag" },
    { .name = "other", .letter = 'g', MPL_MEMBER(FLAG, struct first, other), .help = "another flag" },
    { .name = "count", .letter = 'n', MPL_MEMBER(COUNT, struct first, count), .min = 1, .max = 10, .arg = "N",
      .dflt = "3", .help = "how many" },
    { .name = "level", MPL_MEMBER(LEVEL, struct first, level), .arg = "PCT", .dflt = "0.95", .help = "a level" },
    { .name = "real", .letter = 'r', MPL_MEMBER(REAL, struct first, real), .arg = "X", .help = "a number" },
    { .name = "maybe", MPL_MEMBER(MAYBE, struct first, maybe), .min = -1, .max = 1, .arg = "X", .help = "perhaps" },
    { .name = NULL }
};

static const mpl_option second_rows[] = {
    { .name = "text", .letter = 't', MPL_MEMBER(TEXT, struct second, text), .arg = "FILE", .help = "a text" },
    { .name = "choice", .letter = 'c', MPL_MEMBER(CHOICE, struct second, choice), .choice = colour_method,
      .arg = "NAME", .dflt = "red", .help = "a colour" },
    { .name = "column", MPL_MEMBER(TEXT, struct second, column), .arg = "COLUMN", .help = "a column" },
    { .name = "count", .letter = 'n', MPL_MEMBER(COUNT, struct second, count), .min = 1, .max = 10, .arg = "N",
      .dflt = "3", .help = "how many" },
    { .name = NULL }
};

static const mpl_option *first_table(void)
{
    return first_rows;
}

static const mpl_option *second_table(void)
{
    return second_rows;
}

static const cli_command commands[] = {
    { .name = "paint",
      .summary = "paint a fence",
      .about = "A first paragraph that is long enough to be wrapped somewhere in the middle of it, as texts are.\n"
               "'A second \\one.",
      .operands = (const cli_operand[]){ { .name = "COLOUR", .help = "of the fence", .choice = colour_method },
                                         { .name = "DATA", .help = "a file", .is_data = true },
                                         { .name = "MORE", .help = "anything", .optional = true },
                                         { .name = NULL } },
      .examples = (const cli_example[]){ { "paint red x", "do it" }, { "paint -f red x", "again" }, { NULL, NULL } },
      .groups = (const cli_group[]){ CLI_GROUP("First", first_table, struct args, first),
                                     CLI_GROUP(NULL, second_table, struct args, second), CLI_GROUP_END },
      .args_size = sizeof(struct args) },
    { .name = "pair one",
      .summary = "the first",
      .about = "One.",
      .examples = (const cli_example[]){ { "pair one", "do it" }, { NULL, NULL } },
      .groups = (const cli_group[]){ CLI_GROUP_END } },
    { .name = "pair two",
      .summary = "the second",
      .about = "Two.",
      .examples = (const cli_example[]){ { "pair two", "do it" }, { NULL, NULL } },
      .groups = (const cli_group[]){ CLI_GROUP_END } },
};

const cli_command *cli_command_get(size_t i)
{
    return i < sizeof commands / sizeof *commands ? &commands[i] : NULL;
}

enum { MAX_WORDS = 16 };

/* Splits at blanks; "_" stands for an empty word. */
static size_t split(char *line, const char *words[MAX_WORDS])
{
    size_t n = 0;
    while (*line) {
        words[n++] = line;
        line += strcspn(line, " ");
        if (*line)
            *line++ = '\0';
        if (strcmp(words[n - 1], "_") == 0)
            words[n - 1] = "";
    }
    return n;
}

static mpl_status parse(const char *line, struct args *args, cli_call *call, mpl_error *err)
{
    static char copy[512];
    const char *words[MAX_WORDS];
    snprintf(copy, sizeof copy, "%s", line);
    *err = (mpl_error){ .code = MPL_OK };
    const mpl_status s = cli_parse(&commands[0], words, split(copy, words), call, err);
    *args = *(const struct args *)call->args;
    free(call->args);
    return s;
}

/* Every spelling sets the members, also both of two rows with one name. */
static void accepts(void)
{
    static const char *const lines[] = {
        "red x --flag --count=4 --level=90 --real=-2.5 --maybe=0 --text=a=b --choice=green",
        "--flag --count 4 --level 0.9 --real -2.5", /* operands missing here: see below */
        "red -f -n4 -r-2.5 x -ta=b -cgreen --level=90%",
        "-fn4 red -r -2.5 x -t a=b",
        "-n 4 --choice GREEN -- red -x",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct args a;
        cli_call call;
        mpl_error err;
        const mpl_status s = parse(lines[i], &a, &call, &err);
        CHECK(s == (i == 1 ? MPL_ERR_ARG : MPL_OK), "%s: %s", lines[i], err.message);
        CHECK(a.first.flag == (i != 4), "%s", lines[i]);
        CHECK(a.first.count == 4 && a.second.count == 4, "%s", lines[i]);
        CHECK(i == 4 || a.first.real == -2.5, "%s", lines[i]);
        CHECK(i > 2 || a.first.level == 0.9, "%s", lines[i]);
        CHECK(i != 0 || (a.first.maybe.given && a.first.maybe.value == 0), "%s", lines[i]);
        CHECK(i == 1 || call.n_operands == 2, "%s: %zu operands", lines[i], call.n_operands);
    }
    struct args a;
    cli_call call;
    mpl_error err;
    CHECK(parse("-fg red -", &a, &call, &err) == MPL_OK && a.first.flag && a.first.other, "joined flags");
    CHECK(call.n_operands == 2, "a lone dash is an operand");
    CHECK(parse("--bogus --help", &a, &call, &err) != MPL_OK, "an error before --help");
    CHECK(parse("--help --bogus", &a, &call, &err) == MPL_OK && call.help, "--help ends parsing");
    CHECK(parse("-fh", &a, &call, &err) == MPL_OK && call.help, "-h among letters");
}

static void refuses(void)
{
    static const struct { const char *line; mpl_status status; const char *message; } row[] = {
        { "red x --cuont=3", MPL_ERR_NAME, "unknown option '--cuont'; did you mean '--count'?" },
        { "red x --hepl", MPL_ERR_NAME, "unknown option '--hepl'; did you mean '--help'?" },
        { "red x --zzzzzzzz", MPL_ERR_NAME, "unknown option '--zzzzzzzz'" },
        { "red x --coun=3", MPL_ERR_NAME, "unknown option '--coun'; did you mean '--count'?" },
        { "red x --c\033[2J", MPL_ERR_NAME, "unknown option '--c\\x1B[2J'" },
        { "red x -z", MPL_ERR_NAME, "unknown option '-z'" },
        { "red x -fz", MPL_ERR_NAME, "unknown option '-z'" },
        { "red x -\xc3\xa4", MPL_ERR_NAME, "unknown option '-\xc3\xa4'" },
        { "red x --flag=yes", MPL_ERR_ARG, "--flag takes no value" },
        { "red x --count", MPL_ERR_ARG, "--count needs a value, N: how many" },
        { "red x -n", MPL_ERR_ARG, "--count needs a value, N: how many" },
        { "red x --count=11", MPL_ERR_ARG, "--count: '11' is not a whole number from 1 to 10" },
        { "red x --count=1.5", MPL_ERR_ARG, "--count: '1.5' is not a whole number from 1 to 10" },
        { "red x --count=99999999999999999999", MPL_ERR_ARG,
          "--count: '99999999999999999999' is not a whole number from 1 to 10" },
        { "red x --count=3 --count=4", MPL_ERR_ARG, "--count is given twice" },
        { "red x -f --flag", MPL_ERR_ARG, "--flag is given twice" },
        { "red x --maybe=0 --maybe=0", MPL_ERR_ARG, "--maybe is given twice" },
        { "red x --level=0", MPL_ERR_ARG, "--level: '0' is not a level, such as 0.95 or 95" },
        { "red x --level=NaN", MPL_ERR_ARG, "--level: 'NaN' is not a level, such as 0.95 or 95" },
        { "red x --text=", MPL_ERR_ARG, "--text: an empty value" },
        { "red", MPL_ERR_ARG, "DATA is missing: a file" },
        { "--flag", MPL_ERR_ARG, "COLOUR is missing: of the fence" },
        { "rde x", MPL_ERR_NAME, "unknown COLOUR 'rde'; did you mean 'red'?" },
        { "violet x", MPL_ERR_NAME, "unknown COLOUR 'violet'; one of: red, green" },
        { "red x y z", MPL_ERR_ARG, "one operand too many: 'z'" },
        { "red x y z z", MPL_ERR_ARG, "one operand too many: 'z'" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct args a;
        cli_call call;
        mpl_error err;
        CHECK(parse(row[i].line, &a, &call, &err) == row[i].status, "%s: %s", row[i].line, err.message);
        CHECK_STR(err.message, row[i].message, "%s", row[i].line);
    }
}

static void finds_commands(void)
{
    static const struct { const char *line; size_t used; const char *message; } row[] = {
        { "paint red", 1, NULL },
        { "pair one", 2, NULL },
        { "pair two --x", 2, NULL },
        { "pair", 0, "pair what? one of: one, two" },
        { "pair --flag", 0, "pair what? one of: one, two" },
        { "pair tow", 0, "unknown command 'tow'; did you mean 'pair two'?" },
        { "pair zzzzz", 0, "unknown command 'pair zzzzz'; one of: one, two" },
        { "paitn", 0, "unknown command 'paitn'; did you mean 'paint'?" },
        { "--flag", 0, "unknown option '--flag'; a command comes first" },
        { "zzzzzzzz", 0, "unknown command 'zzzzzzzz'; one of: paint, pair one, pair two" },
        { "_", 0, "unknown command ''; one of: paint, pair one, pair two" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char copy[128];
        const char *words[MAX_WORDS];
        mpl_error err;
        snprintf(copy, sizeof copy, "%s", row[i].line);
        const size_t n = split(copy, words);
        size_t used;
        const cli_command *const found = cli_command_find(words, n, &used);
        CHECK(used == row[i].used && !found == !row[i].used, "%s: %zu words", row[i].line, used);
        if (!found) {
            CHECK(cli_command_unknown(words, n, &err) == MPL_ERR_NAME, "%s", row[i].line);
            CHECK_STR(err.message, row[i].message, "%s", row[i].line);
        }
    }
}

/* What a function prints; the next call overwrites it. */
static const char *printed(void (*print)(const void *what, FILE *out), const void *what)
{
    static char text[1 << 16];
    text[0] = '\0';
    FILE *const out = fmemopen(text, sizeof text, "w");
    if (!out)
        check_die("cannot open", "memory");
    print(what, out);
    fclose(out);
    return text;
}

static void print_help(const void *command, FILE *out)
{
    cli_help_command(command, out);
}

static void print_man(const void *command, FILE *out)
{
    cli_man_command(command, out);
}

static void print_completion(const void *line, FILE *out)
{
    char copy[256];
    const char *words[MAX_WORDS];
    snprintf(copy, sizeof copy, "%s", (const char *)line);
    cli_complete(words, split(copy, words), out);
}

static void has(const char *text, const char *part)
{
    CHECK(strstr(text, part), "lacks '%s'", part);
}

static void explains(void)
{
    static const char top[] = "metapool paint: paint a fence\n  metapool paint red x\n\n";
    const char *const help = printed(print_help, &commands[0]);
    CHECK(strncmp(help, top, strlen(top)) == 0, "the line after the summary is an example");
    has(help, "  -c, --choice=NAME         a colour: red, green [red]\n");
    has(help, "  -f, --flag                a flag\n");
    has(help, "      --level=PCT           a level [0.95]\n");
    const char *const count = strstr(help, "--count");
    CHECK(count && !strstr(count + 1, "--count"), "an option of two groups comes once");
    size_t line = 1;
    for (const char *p = help; *p; p += strcspn(p, "\n") + 1, line++)
        CHECK(strcspn(p, "\n") <= CLI_WIDTH, "line %zu is too wide", line);
    const char *const man = printed(print_man, &commands[0]);
    has(man, ".Nd \"\\&paint a fence\"\n");
    has(man, ".Cm \"\\&red\" .\n");
    has(man, "\n.Pp\n\\&'A second \\eone.\n"); /* roff is escaped */
    has(man, "\n\\&.not a request.\n");
    has(man, "Newton 1704, Opticks.\n"); /* choices have their sources */
    has(man, ".It Fl n , Fl -count\\&= Ns Ar \"\\&N\"\n");
}

static void completes(void)
{
    static const struct { const char *line, *want; } row[] = {
        { "p", "paint\tpaint a fence\npair\tsee its commands\n" },
        { "pai", "paint\tpaint a fence\npair\tsee its commands\n" },
        { "pair _", "one\tthe first\ntwo\tthe second\n" },
        { "pair t", "two\tthe second\n" },
        { "bogus _", "" },
        { "paint _", "red\tlike blood\ngreen\tlike grass\n" },
        { "paint g", "green\tlike grass\n" },
        { "paint --fl", "--flag\ta flag\n" },
        { "paint --f x --ot", "--other\tanother flag\n" },
        { "paint --choice _", "red\tlike blood\ngreen\tlike grass\n" },
        { "paint --choice r", "red\tlike blood\n" },
        { "paint --choice=r", "--choice=red\tlike blood\n" },
        { "paint --choice =", "red\tlike blood\ngreen\tlike grass\n" },
        { "paint --choice = g", "green\tlike grass\n" },
        { "paint -c g", "green\tlike grass\n" },
        { "paint -c green r", "red\tlike blood\n" },
        { "paint -- -", "" },
        { "paint --text _", ":file\n" },
        { "paint --count _", "" },
        { "paint red x y _", "" },
        { "paint red --column _", "" },
        { "paint red nosuchfile --column _", "" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *const got = printed(print_completion, row[i].line);
        CHECK_STR(got, row[i].want, "%s", row[i].line);
    }
    const char *const all = printed(print_completion, "paint --");
    for (const mpl_option *o = first_rows; o->name; o++) {
        char name[32];
        snprintf(name, sizeof name, "--%s\t", o->name);
        CHECK(strstr(all, name), "%s is not offered", name);
    }
    CHECK(strstr(all, "--help\t"), "--help is not offered");
    for (size_t i = 0; cli_shell_method(i); i++)
        CHECK(strstr(cli_shell_script(cli_shell_method(i)->id), "metapool __complete"), "%zu", i);
}

/* Each status has one exit code, and a status of the future is a bug of ours. */
static void exits(void)
{
    static const int want[] = { 0, 2, 2, 3, 3, 4, 4, 6, 5, 6, 70 };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK(cli_exit_code((mpl_status)i) == want[i], "status %zu: %d", i, cli_exit_code((mpl_status)i));
}

int main(void)
{
    accepts();
    refuses();
    finds_commands();
    explains();
    completes();
    exits();
    return check_done();
}
