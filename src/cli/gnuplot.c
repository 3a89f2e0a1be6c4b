/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures through gnuplot: a script with its data in a file beside it, and gnuplot run on such a pair without a shell.
 *
 * A script names files of its own folder, and is run there.
 */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *base_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* `path` with another ending. */
static mpl_status sibling(const char *path, const char *ending, char out[CLI_PATH_SIZE], mpl_error *err)
{
    const char *const base = base_name(path), *const dot = strrchr(base, '.');
    const size_t stem = dot && dot != base ? (size_t)(dot - path) : strlen(path);
    if (stem + strlen(ending) + 2 > CLI_PATH_SIZE)
        return cli_fail(err, MPL_ERR_LIMIT, "--output: a path of more than %d bytes", CLI_PATH_SIZE);
    snprintf(out, CLI_PATH_SIZE, "%.*s.%s", (int)stem, path, ending);
    return MPL_OK;
}

/* A script and its data; of all pages, if they are of one file. */
static mpl_status write_pair(const mpl_plot *plot, const mpl_draw_options *options, const char *dat,
                             const char *target, FILE *gp_out, FILE *dat_out, mpl_error *err)
{
    mpl_draw_options draw = *options;
    size_t n = 1;
    draw.companion = base_name(dat);
    draw.target = base_name(target);
    mpl_status s = draw.one_file ? mpl_plot_get_pages(plot, "gp", &draw, &n, err) : MPL_OK;
    for (size_t i = 1; s == MPL_OK && i <= n; i++) {
        draw.page = draw.one_file ? i : options->page;
        errno = 0;
        s = mpl_plot_write(plot, "gp", &draw, gp_out, err);
        if (s == MPL_OK)
            s = mpl_plot_write(plot, "dat", &draw, dat_out, err);
    }
    return s;
}

mpl_status cli_gnuplot_write(const mpl_plot *plot, const mpl_draw_options *options, const char *path,
                             const char *picture, const char *input, mpl_error *err)
{
    char gp_path[CLI_PATH_SIZE], dat_path[CLI_PATH_SIZE], target[CLI_PATH_SIZE];
    cli_file gp, dat;
    mpl_status s = sibling(path, "gp", gp_path, err);
    if (s == MPL_OK)
        s = sibling(path, "dat", dat_path, err);
    if (s == MPL_OK)
        s = sibling(path, picture, target, err);
    if (s == MPL_OK)
        s = cli_file_open(gp_path, input, &gp, err);
    if (s != MPL_OK)
        return s;
    s = cli_file_open(dat_path, input, &dat, err);
    if (s == MPL_OK) {
        s = write_pair(plot, options, dat_path, target, gp.stream, dat.stream, err);
        s = cli_file_close(&dat, s, err);
    }
    return cli_file_close(&gp, s, err);
}

/* Runs gnuplot on a script of the folder that `script` is in. Returns 0, or an errno value; *status is its exit. */
static int run_gnuplot(const char *script, int *status)
{
    char folder[CLI_PATH_SIZE], name[CLI_PATH_SIZE];
    if (!script)
        return ENOENT;
    snprintf(folder, sizeof folder, "%.*s", (int)(base_name(script) - script), script);
    snprintf(name, sizeof name, "./%.*s", CLI_PATH_SIZE - 3, base_name(script));
    char program[] = "gnuplot", option[] = "--default-settings";
    char *const argv[] = { program, option, name, NULL };
    posix_spawn_file_actions_t actions;
    pid_t child;
    int e = posix_spawn_file_actions_init(&actions);
    if (e != 0)
        return e;
    for (int fd = 0; fd <= 2 && e == 0; fd++)
        e = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    if (e == 0 && *folder)
        e = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (e == 0)
        e = posix_spawnp(&child, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    while (e == 0 && waitpid(child, status, 0) < 0)
        e = errno == EINTR ? 0 : errno;
    return e;
}

/* The picture's temporary file gets its content from gnuplot, by the temporary script. */
static mpl_status draw(const mpl_plot *plot, const mpl_draw_options *options, const cli_file *picture, cli_file *gp,
                       cli_file *dat, char *why, size_t why_size, mpl_error *err)
{
    mpl_status s = write_pair(plot, options, dat->temp, picture->temp, gp->stream, dat->stream, err);
    if (s != MPL_OK)
        return s;
    if (fflush(gp->stream) != 0 || fflush(dat->stream) != 0)
        return cli_fail(err, MPL_ERR_IO, "%s: %s", gp->path, strerror(errno));
    int status = 0;
    const int e = run_gnuplot(gp->temp, &status);
    off_t size = lseek(fileno(picture->stream), 0, SEEK_END);
    if (e == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && size > 0)
        return MPL_OK;
    if (e == ENOENT)
        snprintf(why, why_size, "gnuplot is not installed");
    else if (e != 0)
        snprintf(why, why_size, "gnuplot cannot be run: %s", strerror(e));
    else if (WIFSIGNALED(status))
        snprintf(why, why_size, "gnuplot was ended by signal %d", WTERMSIG(status));
    else
        snprintf(why, why_size, "gnuplot failed with status %d", WEXITSTATUS(status));
    return cli_fail(err, MPL_ERR_IO, "%s", why);
}

mpl_status cli_gnuplot_draw(const mpl_plot *plot, const mpl_draw_options *options, const char *path,
                            const char *ending, const char *input, mpl_error *err)
{
    char gp_path[CLI_PATH_SIZE], dat_path[CLI_PATH_SIZE], shown[MPL_SHOWN_SIZE], why[128] = "";
    cli_file picture, gp, dat;
    mpl_status s = sibling(path, "gp", gp_path, err);
    if (s == MPL_OK)
        s = sibling(path, "dat", dat_path, err);
    if (s == MPL_OK)
        s = cli_file_open(path, input, &picture, err);
    if (s != MPL_OK)
        return s;
    s = cli_file_open(gp_path, input, &gp, err);
    if (s == MPL_OK) {
        s = cli_file_open(dat_path, input, &dat, err);
        if (s == MPL_OK) {
            s = picture.temp && gp.temp && dat.temp
                    ? draw(plot, options, &picture, &gp, &dat, why, sizeof why, err)
                    : cli_fail(err, MPL_ERR_ARG, "--output: a %s picture and its script need plain files", ending);
            cli_file_discard(&dat);
        }
        cli_file_discard(&gp);
    }
    if (!*why)
        return cli_file_close(&picture, s, err);
    cli_file_discard(&picture);
    s = cli_gnuplot_write(plot, options, path, ending, input, err);
    return s != MPL_OK ? s
                       : cli_fail(err, MPL_ERR_IO, "%s; '%s' and its data are left for you to run it on", why,
                                  mpl_text_to_shown(gp_path, shown));
}
