#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every plot type and layout, drawn from the bundled data, on one page that needs nothing but itself.
# usage: METAPOOL=PROGRAM examples/gallery.sh [FOLDER]   writes gallery.html to FOLDER, or where you are, and beside it
# forest.svg, the figure of the README
set -eu
folder=${1:-.}
METAPOOL=${METAPOOL:-$(cd "$(dirname "$0")/.." && pwd)/build/src/cli/metapool}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
drawn=

escape() {
    printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
}

# The words of a command as one would type them.
typed() {
    line='metapool plot'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_.,/=:-]*) line="$line '$word'" ;; *) line="$line $word" ;; esac
    done
    escape "$line"
}

section() {
    printf '<h2>%s</h2>\n' "$(escape "$1")"
}

# figure CAPTION WORD...: the words of 'metapool plot'
figure() {
    caption=$1
    shift
    (cd "$work" && "$METAPOOL" plot "$@" --format svg) >"$work/figure.svg"
    printf '<figure>\n'
    sed 1d "$work/figure.svg"
    printf '<figcaption>%s<br><code>%s</code></figcaption>\n</figure>\n' "$(escape "$caption")" "$(typed "$@")"
    drawn="$drawn $1 "
}

text() {
    caption=$1
    shift
    printf '<figure>\n<pre>'
    "$METAPOOL" plot "$@" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
    printf '</pre>\n<figcaption>%s<br><code>%s</code></figcaption>\n</figure>\n' "$(escape "$caption")" "$(typed "$@")"
}

# Judgements are invented: no bundled dataset has any.
rob_data() {
    "$METAPOOL" data show bcg --format csv | awk -F, -v OFS=, '
        NR == 1 { print $0, "rob_randomization", "rob_missing_data", "rob_overall"; next }
        { split("low,some concerns,high", w, ","); print $0, w[NR % 3 + 1], w[NR * 2 % 3 + 1], w[(NR + 1) % 3 + 1] }'
}

page() {
    cat <<'HEAD'
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures of metapool</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #111;
  background: #fff }
figure { margin: 1.5rem 0 2.5rem; padding: 1rem; border: 1px solid #ddd; overflow-x: auto }
figure svg { max-width: 100%; height: auto; display: block; margin: 0 auto }
figcaption { margin-top: 1rem }
code, pre { font: 13px/1.25 "DejaVu Sans Mono", monospace }
code { overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>Figures of metapool</h1>
<p>Every plot type and layout, drawn from the bundled data by <code>examples/gallery.sh</code>. The command below a
figure draws it; with another ending of the output file it becomes a gnuplot script, PNG, PDF, JSON or CSV.</p>
HEAD
    section 'Forest plots'
    figure 'The default: subgroups, their heterogeneity and the test between them.' \
        forest bcg --subgroup alloc --favours-left 'Favours vaccine' --favours-right 'Favours none'
    figure 'As in Cochrane reviews (RevMan 5).' forest bcg --layout revman5 --method DL --test z \
        --favours-left 'Favours vaccine' --favours-right 'Favours none'
    figure 'In the style of the BMJ.' forest magnesium --layout bmj --favours-left 'Favours magnesium' \
        --favours-right 'Favours placebo'
    figure 'In the style of JAMA.' forest stroke-stay --layout jama --favours-left 'Favours specialist care' \
        --favours-right 'Favours routine care'
    figure 'Continuous outcomes, in colours that colour-blind readers can tell apart; the data are simulated.' \
        forest icp-map-simulated --subgroup cell_source --palette okabe-ito
    figure 'Own columns, sorted, with judgements of the risk of bias (INVENTED for this example), a band and a line.' \
        forest bcg-rob.csv --measure RR --title 'BCG trials with INVENTED judgements' --palette okabe-ito \
        --left 'year=Begun,effect:2,interval' --right 'weight:1,rob' --sort -weight \
        --bands '0.9,1.1=no important difference' --lines '0.8=smallest important effect' --xticks 0.1,0.25,0.5,1,2,4
    figure 'In the 84 mm of a journal'"'"'s column: what has no room is left out and named.' forest bcg --width 84
    figure 'Several ways of pooling below each other.' forest bcg --models EE,DL --left none --sort -weight
    figure 'What a meta-regression says of each study: pale diamonds.' forest bcg --mods ablat --sort ablat \
        --left 'ablat=Latitude,data'
    figure 'Pooled estimates only.' forest bcg --subgroup alloc --no-studies
    figure 'One row for each of several analyses.' summary bcg --by alloc \
        --select 'Tropics: ablat < 23.5; Since 1960: year >= 1960'
    figure 'Several datasets.' summary bcg magnesium catheters --measure OR
    figure 'Leaving out one study after the other.' loo bcg
    figure 'Adding one study after the other, by year.' cumulative bcg --order year
    figure 'Fit to the width of a column: 100 mm.' forest lidocaine --width 100 --left none --right estimate
    section 'Many effects'
    figure 'Caterpillar plot.' caterpillar conscientiousness
    figure 'Orchard plot by subgroup.' orchard icp-map-simulated --subgroup cell_source --palette okabe-ito
    section 'Regression'
    figure 'Bubble plot of a meta-regression.' bubble bcg --mods ablat --names all
    figure 'One line for each level of a factor.' bubble bcg --mods 'ablat + alloc' --along 'ablat, alloc' \
        --palette okabe-ito
    section 'Small-study effects'
    figure 'Funnel plot.' funnel bcg
    figure "Contours of the studies' own p-values around no effect." funnel magnesium --contours --palette okabe-ito
    section 'Heterogeneity and influence'
    figure 'Radial plot.' radial bcg
    figure "L'Abbe plot." labbe bcg
    figure 'Normal quantile plot.' qqnorm bcg
    figure 'Baujat plot.' baujat bcg
    figure 'Diagnostics of each study.' influence bcg
    figure 'All subsets of the studies.' gosh bcg --method DL --palette okabe-ito
    section 'P-values'
    figure 'Drapery plot.' drapery bcg
    figure 'P-curve.' pcurve magnesium
    section 'More'
    for type in $("$METAPOOL" list plots --format csv | sed 1d | cut -d, -f1); do
        case $drawn in *" $type "*) continue ;; esac
        if "$METAPOOL" plot "$type" bcg --format svg >/dev/null 2>&1; then
            figure "$type" "$type" bcg
        else
            printf '<p>%s: <code>metapool plot %s</code> needs options of its own.</p>\n' "$type" "$type"
        fi
    done
    section 'In the terminal'
    text 'Unicode.' forest bcg --width 100
    text 'ASCII.' forest bcg --ascii --width 80
    printf '</body>\n</html>\n'
}

rob_data >"$work/bcg-rob.csv"
page >"$work/gallery.html"
"$METAPOOL" plot forest icp-map-simulated --subgroup cell_source -o "$work/forest.svg"
cp "$work/gallery.html" "$work/forest.svg" "$folder/"
