/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where results go: standard output, or a file that has its name only once it is complete.
 *
 * A file is written under a temporary name in its own folder, flushed to the disk and renamed. Whatever ends the
 * program before that (an error, a full disk, Ctrl-C) removes the temporary file, so an older file stays as it was.
 */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const mpl_option file_table[] = {
    { .name = "output", .letter = 'o', MPL_MEMBER(TEXT, cli_file_options, output), .arg = "FILE",
      .help = "write to this file instead of standard output", .since = "0.1.0" },
    { .name = "no-color", MPL_MEMBER(FLAG, cli_file_options, no_color),
      .help = "no colour on a terminal; so does the environment variable NO_COLOR", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *cli_file_option_table(void)
{
    return file_table;
}

/* Temporary files of this moment, for the signal handler. */
static char *volatile pending[4];

static void remove_pending(int signal_number)
{
    for (size_t i = 0; i < sizeof pending / sizeof *pending; i++)
        if (pending[i])
            unlink(pending[i]);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void guard(char *temp, bool on)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
    static bool installed;
    for (size_t i = 0; !installed && i < sizeof signals / sizeof *signals; i++) {
        struct sigaction now;
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            signal(signals[i], remove_pending);
    }
    installed = true;
    for (size_t i = 0; i < sizeof pending / sizeof *pending; i++)
        if (on ? !pending[i] : pending[i] == temp) {
            pending[i] = on ? temp : NULL;
            return;
        }
}

static mpl_status fail_errno(mpl_error *err, const char *path)
{
    char name[MPL_SHOWN_SIZE];
    return cli_fail(err, errno == ENOMEM ? MPL_ERR_NOMEM : MPL_ERR_IO, "%s: %s",
                    path ? mpl_text_to_shown(path, name) : "standard output", strerror(errno ? errno : EIO));
}

static bool is_input(const char *input, const struct stat *out)
{
    struct stat in;
    if (!input || (strcmp(input, "-") == 0 ? fstat(0, &in) : stat(input, &in)) != 0)
        return false;
    return S_ISREG(in.st_mode) && in.st_dev == out->st_dev && in.st_ino == out->st_ino;
}

/* A new file beside `final`, with the ending, and the permissions, that `final` has or would get. */
static mpl_status open_temp(cli_file *out, const struct stat *old, mpl_error *err)
{
    const char *const slash = strrchr(out->final, '/');
    const char *const base = slash ? slash + 1 : out->final, *const dot = strrchr(base, '.');
    const size_t size = strlen(out->final) + 64;
    out->temp = malloc(size);
    if (!out->temp)
        return cli_fail(err, MPL_ERR_NOMEM, "no memory for the name of a file");
    int fd = -1;
    for (unsigned i = 0; i < 1000 && fd < 0; i++) {
        snprintf(out->temp, size, "%.*s.metapool-%ld-%u%s", (int)(base - out->final), out->final, (long)getpid(), i,
                 dot ? dot : "");
        guard(out->temp, true);
        fd = open(out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0) {
            guard(out->temp, false);
            if (errno != EEXIST)
                break;
        }
    }
    out->stream = fd < 0 ? NULL : fdopen(fd, "w");
    if (fd >= 0 && (!out->stream || (old && fchmod(fd, old->st_mode & 0777) != 0))) {
        const int why = errno;
        unlink(out->temp);
        guard(out->temp, false);
        if (!out->stream)
            close(fd);
        else
            fclose(out->stream);
        out->stream = NULL;
        errno = why;
    }
    return out->stream ? MPL_OK : fail_errno(err, out->path);
}

static mpl_status fail_open(cli_file *out, mpl_status s)
{
    free(out->temp);
    free(out->final);
    *out = (cli_file){ .stream = NULL };
    return s;
}

mpl_status cli_file_open(const char *path, const char *input, cli_file *out, mpl_error *err)
{
    *out = (cli_file){ .stream = stdout };
    if (!path || strcmp(path, "-") == 0)
        return MPL_OK;
    *out = (cli_file){ .path = path };
    char name[MPL_SHOWN_SIZE];
    struct stat old;
    const bool exists = stat(path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return fail_errno(err, path);
    }
    if (exists && is_input(input, &old))
        return cli_fail(err, MPL_ERR_ARG, "--output: '%s' is the input file; it would be overwritten",
                        mpl_text_to_shown(path, name));
    if (exists && !S_ISREG(old.st_mode)) { /* a device or a pipe cannot be renamed to */
        out->stream = fopen(path, "we");
        return out->stream ? MPL_OK : fail_errno(err, path);
    }
    out->final = exists ? realpath(path, NULL) : strdup(path); /* a link stays a link */
    if (!out->final)
        return fail_errno(err, path);
    const mpl_status s = open_temp(out, exists ? &old : NULL, err);
    return s == MPL_OK ? s : fail_open(out, s);
}

void cli_file_discard(cli_file *file)
{
    mpl_error none;
    (void)cli_file_close(file, MPL_ERR_ARG, &none);
}

mpl_status cli_file_close(cli_file *file, mpl_status so_far, mpl_error *err)
{
    mpl_status s = so_far;
    if (s == MPL_ERR_IO || (s == MPL_OK && (fflush(file->stream) != 0 || ferror(file->stream))))
        s = fail_errno(err, file->path);
    if (s == MPL_OK && file->temp && fsync(fileno(file->stream)) != 0 && errno != EINVAL && errno != ENOSYS)
        s = fail_errno(err, file->path);
    if (fclose(file->stream) != 0 && s == MPL_OK)
        s = fail_errno(err, file->path);
    if (file->temp) {
        if (s == MPL_OK && rename(file->temp, file->final) != 0)
            s = fail_errno(err, file->path);
        if (s != MPL_OK)
            unlink(file->temp);
        guard(file->temp, false);
    }
    free(file->temp);
    free(file->final);
    *file = (cli_file){ .stream = NULL };
    return s;
}

void cli_draw_options(const cli_file_options *file, mpl_draw_options *draw)
{
    const char *const no_color = getenv("NO_COLOR"), *const term = getenv("TERM");
    const bool to_stdout = !file->output || strcmp(file->output, "-") == 0;
    if (!to_stdout || !isatty(STDOUT_FILENO))
        return;
    draw->colour = !file->no_color && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    struct winsize window;
    if (draw->width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        draw->width = window.ws_col < 60 ? 60 : window.ws_col > 200 ? 200 : window.ws_col;
}

mpl_status cli_path_number(const char *path, size_t n, char out[CLI_PATH_SIZE], mpl_error *err)
{
    const char *const slash = strrchr(path, '/'), *const base = slash ? slash + 1 : path;
    const char *const dot = strrchr(base, '.');
    const size_t stem = dot && dot != base ? (size_t)(dot - path) : strlen(path);
    const int size = snprintf(out, CLI_PATH_SIZE, "%.*s-%zu%s", (int)stem, path, n, path + stem);
    return size < CLI_PATH_SIZE
               ? MPL_OK
               : cli_fail(err, MPL_ERR_LIMIT, "--output: a path of more than %d bytes", CLI_PATH_SIZE);
}

/* The pages of a figure: `path`, or a file for each of several. */
static mpl_status write_figure(const mpl_plot *plot, const char *path, const char *input, mpl_draw_options draw,
                               mpl_error *err)
{
    size_t n;
    mpl_status s = mpl_plot_get_pages(plot, "svg", &draw, &n, err);
    for (draw.page = 1; s == MPL_OK && draw.page <= n; draw.page++) {
        char own[CLI_PATH_SIZE];
        cli_file file;
        if (n > 1)
            s = cli_path_number(path, draw.page, own, err);
        if (s == MPL_OK)
            s = cli_file_open(n > 1 ? own : path, input, &file, err);
        if (s == MPL_OK)
            s = cli_file_close(&file, mpl_plot_write(plot, "svg", &draw, file.stream, err), err);
    }
    return s;
}

/* Figures of Markdown: files beside it, named after it. `stem` is what the text calls them. */
static mpl_status write_figures(const mpl_report *report, const char *path, const char *input, char *stem,
                                size_t size, mpl_write_options *write, mpl_error *err)
{
    const char *const slash = strrchr(path, '/'), *const base = slash ? slash + 1 : path;
    const char *const dot = strrchr(base, '.');
    const size_t n = dot && dot != base ? (size_t)(dot - path) : strlen(path);
    size_t figure = 0;
    for (size_t i = 0; i < report->n_sections; i++) {
        if (!report->sections[i].plot)
            continue;
        if ((size_t)snprintf(stem, size, "%.*s-%zu.svg", (int)n, path, ++figure) >= size)
            return cli_fail(err, MPL_ERR_LIMIT, "--output: a path of more than %zu bytes", size);
        const mpl_status s = write_figure(report->sections[i].plot, stem, input, write->draw, err);
        if (s != MPL_OK)
            return s;
    }
    snprintf(stem, size, "%.*s", (int)(n - (size_t)(base - path)), base);
    write->figures = stem;
    return MPL_OK;
}

/* Whether figures of this format are files of their own. */
static bool has_figure_files(const cli_output_options *options)
{
    return options->write.format && strcmp(options->write.format, "markdown") == 0 && options->file.output &&
           strcmp(options->file.output, "-") != 0;
}

mpl_status cli_report_write(const cli_call *call, mpl_report *report, const cli_output_options *options,
                            mpl_error *err)
{
    mpl_write_options write = options->write;
    cli_draw_options(&options->file, &write.draw);
    cli_file file;
    const char *const input = call->n_operands ? call->operand[call->n_operands - 1] : NULL;
    char stem[4096];
    mpl_status s = has_figure_files(options) ? write_figures(report, options->file.output, input, stem, sizeof stem,
                                                             &write, err)
                                             : MPL_OK;
    if (s == MPL_OK)
        s = cli_file_open(options->file.output, input, &file, err);
    if (s == MPL_OK) {
        errno = 0;
        s = mpl_report_write(report, &write, file.stream, err);
        if (s == MPL_OK && !mpl_format_is_for_people(write.format)) /* what nobody reads must be said somewhere */
            s = mpl_report_write_notes(report, "metapool: note: ", stderr, err);
        s = cli_file_close(&file, s, err);
    }
    mpl_report_free(report);
    return s;
}
