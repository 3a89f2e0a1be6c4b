/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles, labels, lookups, numbers that are none, the option table, and running out of memory. */
#include "dataset_text.h"

#include "base/arena.h"
#include "base/method.h"
#include "data/table.h"

/* Which role each column of a header gets: "role role -", or the message. */
static const struct {
    const char *header, *map, *want;
} headers[] = {
    { "yi,vi,sei,ci_lb,ci_ub,slab", NULL, "yi vi sei ci_lb ci_ub slab" },
    { "ai,bi,ci,di,n1i,n2i", NULL, "ai bi ci di n1i n2i" },
    { "m1i,sd1i,m2i,sd2i,ri,ni", NULL, "m1i sd1i m2i sd2i ri ni" },
    { "x1i,x2i,t1i,t2i,xi,ti,mi,sdi,r2i,fi,pi", NULL, "x1i x2i t1i t2i xi ti mi sdi r2i fi pi" },
    { "studlab,TE,seTE", NULL, "slab yi sei" },
    { "event.e,n.e,event.c,n.c", NULL, "ai n1i ci n2i" },
    { "n.e,mean.e,sd.e,n.c,mean.c,sd.c", NULL, "n1i m1i sd1i n2i m2i sd2i" },
    { "event.e,time.e,event.c,time.c", NULL, "x1i t1i x2i t2i" },
    { "event.e,t1i,event.c,t2i", NULL, "x1i t1i x2i t2i" },
    { "event.e,a,event.c,b", "t1i=a,t2i=b", "x1i t1i x2i t2i" },
    { "study,author,year,effect,se,variance,lower,upper", NULL, "slab author year yi sei vi ci_lb ci_ub" },
    { "Study,Author,YEAR,Effect Size,Std. Error,N", NULL, "slab author year yi sei ni" },
    { "tpos,tneg,cpos,cneg", NULL, "ai bi ci di" },
    { "Treated mean,treated.sd,treated_n,control mean,control.sd,control_n", NULL, "m1i sd1i n1i m2i sd2i n2i" },
    { "Study ID,yi", NULL, "slab yi" },
    { "id,yi", NULL, "slab yi" },
    { "study,id,yi", NULL, "slab - yi" },
    { "id,trial,yi", NULL, "- - yi" },
    { "YI,VI,N1I", NULL, "yi vi n1i" },
    { "CI,PI,TI,DI,MI,NI", NULL, "- - - - - -" },
    { "effect,yi", NULL, "- yi" },
    { "a,b", NULL, "- -" },
    { "a,b,yi", "yi=b,vi=a", "vi yi -" },
    { "Effect,The SE", "yi = Effect , se=`The SE`", "yi sei" },
    { "a,yi", "TE=\"a\"", "yi -" },
    { "effect,estimate", "yi=estimate", "- yi" },
    { "yi,Yi", "yi=Yi", "- yi" },
    { "a,b", "yi=A", "yi -" },
    { "yi,Yi", NULL, "3 columns 1 ('yi') and 2 ('Yi') can both be yi; say which with --columns yi=NAME" },
    { "effect,estimate", NULL,
      "3 columns 1 ('effect') and 2 ('estimate') can both be yi; say which with --columns yi=NAME" },
    { "study,studlab,yi", NULL,
      "3 columns 1 ('study') and 2 ('studlab') can both be slab; say which with --columns slab=NAME" },
    { "effect,a", "yi=efect", "2 --columns: x.csv has no column 'efect'; did you mean 'effect'?" },
    { "a,b", "yi=zzzzzz", "2 --columns: x.csv has no column 'zzzzzz'" },
    { "a,b", "y=a", "2 --columns: unknown role 'y'; did you mean 'yi'?" },
    { "a,b", "yi", "1 --columns: 'yi' is not ROLE=NAME,ROLE=NAME" },
    { "a,b", "yi=", "1 --columns: 'yi=' is not ROLE=NAME,ROLE=NAME" },
    { "a,b", "yi=a,", "yi -" },
    { "a,b", "yi=`a", "1 --columns: 'yi=`a' is not ROLE=NAME,ROLE=NAME" },
    { "a,b", "yi=`a`b", "1 --columns: 'yi=`a`b' is not ROLE=NAME,ROLE=NAME" },
    { "a,b", "yi=a,yi=b", "1 --columns: yi is given twice" },
    { "a,b", "yi=a,vi=a", "1 --columns: column 'a' cannot be both yi and vi" },
};

static void roles(void)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char text[200], got[600] = "";
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        const int n = snprintf(text, sizeof text, "%s\n", headers[i].header);
        const mpl_read_options o = { .columns = headers[i].map };
        const mpl_status s = mpl_dataset_read_bytes(text, (size_t)n, "x.csv", &o, &d, &err);
        for (size_t c = 0, used = 0; d && c < d->n_columns; c++)
            used += (size_t)snprintf(got + used, sizeof got - used, "%s%s", c ? " " : "",
                                     d->columns[c].role ? d->columns[c].role : "-");
        if (s != MPL_OK)
            snprintf(got, sizeof got, "%d %s", (int)s, err.message + (strncmp(err.message, "x.csv: ", 7) ? 0 : 7));
        CHECK_STR(got, headers[i].want, "%s with %s", headers[i].header, headers[i].map ? headers[i].map : "no map");
        mpl_dataset_free(d);
    }
}

/* Every role is found by its own name, as a column and in the map; no alias stands for two roles. */
static void every_role(void)
{
    for (size_t i = 0; mpl_role_method(i); i++) {
        const mpl_method *const m = mpl_role_method(i);
        char text[64], map[64];
        const int n = snprintf(text, sizeof text, "zz,%s\n", m->id);
        snprintf(map, sizeof map, "%s=zz", m->id);
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        CHECK(mpl_dataset_read_bytes(text, (size_t)n, "x.csv", NULL, &d, &err) == MPL_OK, "%s", err.message);
        CHECK_STR(d ? d->columns[1].role : NULL, m->id, "by name");
        mpl_dataset_free(d);
        const mpl_read_options o = { .columns = map };
        CHECK(mpl_dataset_read_bytes(text, (size_t)n, "x.csv", &o, &d, &err) == MPL_OK, "%s", err.message);
        CHECK_STR(d ? d->columns[0].role : NULL, m->id, "by map");
        mpl_dataset_free(d);
        CHECK(m->title && *m->title && m->cite && *m->cite, "%s says what it is", m->id);
        size_t length;
        for (const char *p = m->aliases, *word; (word = mpl__next_word(&p, &length));) {
            char alias[64];
            snprintf(alias, sizeof alias, "%.*s", (int)length, word);
            const mpl_method *const found = mpl_method_find(mpl_role_method, alias);
            CHECK(found == m, "%s is a name of %s and of %s", alias, m->id, found ? found->id : "none");
        }
    }
}

static void labels(void)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "slab,author,year,yi\nL,A,2001,1\n,B,2002,2\n,,2003,3\n",
          "slab:slab author:author year:year# yi:yi# | L@2 L A 2001 1 | B, 2002@3 - B 2002 2 | row 3@4 - - 2003 3" },
        { "author,yi\nA,1\n", "author:author yi:yi# | A@2 A 1" },
        { "author,year\nA,NA\n", "author:author year:year# | A@2 A -" },
        { "trial,author,year\n1,A,2001\n", "trial:slab# author:author year:year# | A, 2001@2 1 A 2001" },
        { "study,yi\n1,2\n", "study:slab# yi:yi# | 1@2 1 2" },
        { "yi\n1\n", "yi:yi# | row 1@2 1" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(read_text(rows[i].text, strlen(rows[i].text), "x.csv", NULL), rows[i].want, "row %zu", i);
}

/* The map goes before the schema, and the schema before names. */
static void schema(void)
{
    static const char text[] = "{\"data\":[{\"x\":1,\"y\":2,\"yi\":3,\"study\":\"S\"}],\"schema\":{\"fields\":["
                               "{\"name\":\"x\",\"role\":\"yi\"},{\"name\":\"y\",\"role\":\"vi\"},"
                               "{\"name\":\"gone\",\"role\":\"ni\"}]}}";
    static const struct {
        const char *map, *want;
    } rows[] = {
        { NULL, "x:yi# y:vi# yi# study | row 1@1 1 2 3 S" },
        { "yi=y", "x# y:yi# yi# study | row 1@1 1 2 3 S" },
        { "slab=study,vi=yi", "x:yi# y# yi:vi# study:slab | S@1 1 2 3 S" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const mpl_read_options o = { .columns = rows[i].map };
        CHECK_STR(read_text(text, strlen(text), "x.json", &o), rows[i].want, "row %zu", i);
    }
}

/* What a reader is told of a cell that is not a number. */
static void hints(void)
{
    static const struct {
        const char *cell, *hint;
    } rows[] = {
        { "abc", "" },
        { "0,5", "; a decimal comma? use --decimal ," },
        { "-1,5e-3", "; a decimal comma? use --decimal ," },
        { "1,234", "; a thousands separator? remove it, or use --decimal , if it is a decimal comma" },
        { "123,456", "; a thousands separator? remove it, or use --decimal , if it is a decimal comma" },
        { "1234,567", "; a decimal comma? use --decimal ," },
        { "12,345,678.9", "; a thousands separator? remove it, or use --decimal , if it is a decimal comma" },
        { "1e309", ": it is beyond the largest double, 1.8e308" },
        { "-Infinity", ": it must be finite" },
        { "inf", ": it must be finite" },
        { "nan", "; if it means missing, name it with --missing" },
        { "missing", "; if it means missing, name it with --missing" },
        { "12%", "; remove the percent sign" },
        { "\xE2\x88\x92" "0.5", "; it has a typographic minus sign, write - instead" },
        { "1\xC2\xA0" "2", "; it has a no-break space" },
        { "#DIV/0!", "; it is a spreadsheet's error value" },
        { "=1/2", "; it is a formula, export its value instead" },
        { "<0.05", "; it is a bound, not a value" },
        { "1-Mar", "; a spreadsheet has made a date of it" },
        { "Mar-01", "; a spreadsheet has made a date of it" },
        { "2001-03-01", "; a spreadsheet has made a date of it" },
        { "1/3/2001", "; a spreadsheet has made a date of it" },
        { "Mar 01", "; a spreadsheet has made a date of it" },
        { "Mar_01", "" },
        { "Marked 7", "" },
        { "1-3", "" },
        { "0abc", "" },
        { "0x1p-1", "; hexadecimal is not accepted" },
        { "nan(0x123)", "" },
        { "1 2", "" },
        { "1_000", "" },
        { "--1", "" },
        { "1d5", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200], want[300];
        mpl_dataset *d = NULL;
        mpl_error err = { .message = "" };
        const int n = snprintf(text, sizeof text, "study,yi\nA,0.5\nB,\"%s\"\n", rows[i].cell);
        if (!CHECK(mpl_dataset_read_bytes(text, (size_t)n, "x.csv", NULL, &d, &err) == MPL_OK, "%s", err.message))
            continue;
        snprintf(want, sizeof want, "x.csv line 3, field 2 (yi): '%s' is not a number%s", rows[i].cell, rows[i].hint);
        CHECK(mpl_column_check_number(d, &d->columns[1], &err) == MPL_ERR_PARSE, "%s", rows[i].cell);
        CHECK_STR(err.message, want, "%s", rows[i].cell);
        CHECK(err.line == 3 && err.column == 2, "%s: place %zu:%zu", rows[i].cell, err.line, err.column);
        CHECK(!d->columns[1].is_number && d->columns[1].number[0] == 0.5 && isnan(d->columns[1].number[1]),
              "%s: numbers", rows[i].cell);
        mpl_dataset_free(d);
    }
}

static void lookups(void)
{
    static const char text[] = "study,m1i,Dose\nA,1,5\n";
    mpl_dataset *d = NULL;
    mpl_error err = { .message = "" };
    const mpl_read_options o = { .columns = "yi=m1i" };
    if (!CHECK(mpl_dataset_read_bytes(text, strlen(text), "x.csv", &o, &d, &err) == MPL_OK, "%s", err.message))
        return;
    CHECK(mpl_dataset_find(d, "yi") == &d->columns[1], "by role");
    CHECK(mpl_dataset_find(d, "Dose") == &d->columns[2], "by name");
    CHECK(mpl_dataset_find(d, "dose") == &d->columns[2], "by name without case");
    CHECK(!mpl_dataset_find(d, "x") && !mpl_dataset_find(d, NULL), "none");
    const mpl_column *column = d->columns;
    CHECK(mpl_dataset_get(d, "dsoe", &column, &err) == MPL_ERR_NAME && !column, "get");
    CHECK_STR(err.message, "x.csv has no column 'dsoe'; did you mean 'Dose'?", "get");
    CHECK(mpl_dataset_get(d, "zzzzzz", &column, NULL) == MPL_ERR_NAME && !column, "get without a place for the error");
    CHECK(d->info && !d->info->id && d->info->n_warnings == 0, "a plain file says nothing of itself");
    mpl_dataset_free(d);
    mpl_dataset_free(NULL);
}

static void options(void)
{
    for (const mpl_option *o = mpl_read_option_table(); o->name; o++)
        CHECK(o->help && o->since && (o->kind == MPL_OPTION_FLAG || o->arg), "%s is described", o->name);
    mpl_read_options o = { .delim = ";" };
    mpl_error err = { .message = "" };
    CHECK(mpl_options_resolve(mpl_read_option_table(), &o, sizeof o, NULL, &err) == MPL_OK, "%s", err.message);
    CHECK(!o.missing && !o.format && !strcmp(o.delim, ";"), "resolving leaves what is found out while reading");
}

/* Refuses allocation number `refused`, counted from 0, and with `for_good` all that follow. */
static size_t asked, refused;
static bool for_good;

static bool allow(void)
{
    const size_t n = asked++;
    return for_good ? n < refused : n != refused;
}

/* Fails each allocation in turn: the status says so, nothing leaks (under the sanitizer), nothing is half done. */
static void out_of_memory(void)
{
    static const struct {
        const char *name, *text;
        mpl_read_options options;
    } rows[] = {
        { "x.csv", "study,author,yi,\nA,x,1,\n,B,1e-400,\n,,3,\n", { .missing = "NA,-9" } },
        { "x.csv", "s\xE9;yi\n\"a\"\"b\";0,5\n", { .columns = "slab=`s\xC3\xA9`,yi=yi" } },
        { "x.csv", "\xFF\xFE" "y\0i\0\n\0" "1\0", { 0 } },
        { "x.json", "[{\"study\":\"A\",\"yi\":1},{\"yi\":2,\"study\":null}]", { 0 } },
        { "x.json", "{\"data\":[{\"x\":1}],\"title\":\"T\",\"warnings\":[\"w\"],\"schema\":{\"missingValues\":[\"\"],"
                    "\"fields\":[{\"name\":\"x\",\"role\":\"yi\"}]}}", { 0 } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t size = i == 2 ? 10 : strlen(rows[i].text);
        bool done = false;
        for (size_t n = 0; n < 1000 && !done; n++) {
            mpl_dataset *d = NULL;
            mpl_error err = { .message = "" };
            asked = 0;
            refused = n / 2;
            for_good = n % 2;
            mpl__alloc_hook = allow;
            const mpl_status s = mpl_dataset_read_bytes(rows[i].text, size, rows[i].name, &rows[i].options, &d, &err);
            mpl__alloc_hook = NULL;
            done = asked <= refused;
            CHECK(done ? s == MPL_OK && d : s == MPL_ERR_NOMEM && !d && *err.message,
                  "input %zu, allocation %zu: %d %s", i, n / 2, (int)s, err.message);
            mpl_dataset_free(d);
        }
        CHECK(done, "input %zu is read in the end", i);
    }
}

int main(void)
{
    roles();
    every_role();
    labels();
    schema();
    hints();
    lookups();
    options();
    out_of_memory();
    return check_done();
}
