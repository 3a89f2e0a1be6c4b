/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns GSL's aborting error handler off, once for the process: saving and restoring it around calls would race. */
#include <pthread.h>
#include <gsl/gsl_errno.h>
#include "num/guard.h"

static void turn_off(void)
{
    gsl_set_error_handler_off();
}

void mpl__guard(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, turn_off);
}
