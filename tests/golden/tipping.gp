# A tipping plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'tipping.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.5068   # of the page, in points
height = 396.27
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'tipping.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 42.71/width; set rmargin at screen 366.71/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 259.02/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.8870718549931568:22.54608788163421]
set logscale y
set yrange [0.3145595951518898:2]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '2' 2, '5' 5, '10' 10, '20' 20) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.5' 0.5, '1' 1, '2' 2) noenhanced font small
plot data index 0 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#eeeeee', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 2 using 1:2 with lines linewidth 1.80 dashtype solid linecolor rgb '#555555', \
     data index 3 using 1:2 with lines linewidth 0.70 dashtype solid linecolor rgb '#555555', \
     data index 4 using 1:2 with lines linewidth 1.80 dashtype (6, 4) linecolor rgb '#8c8c8c', \
     data index 5 using 1:2 with lines linewidth 0.70 dashtype (6, 4) linecolor rgb '#8c8c8c', \
     data index 6 using 1:2 with lines linewidth 1.80 dashtype (1.2, 2.8) linecolor rgb '#333333', \
     data index 7 using 1:2 with lines linewidth 0.70 dashtype (1.2, 2.8) linecolor rgb '#333333', \
     data index 8 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Severity of selection (log scale)' at 204.71, 279.59 center noenhanced font small front
set label 'Risk ratio (log scale)' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# legend
set label 'Target' at 65.21, 295.40 left noenhanced font small front
set label 'Weights, equal effects' at 128.06, 295.40 left noenhanced font small front
set label 'Weights, random effects, robust' at 65.21, 307.28 left noenhanced font small front
set label 'Step selection model' at 229.90, 307.28 left noenhanced font small front
set label 'Only studies that are not affirmative' at 65.21, 319.16 left noenhanced font small front
# footnote
set label 'Severity: how many times as likely the 8 affirmative of 13 studies are to be published.' at 10.80, 336.44 left noenhanced font small front
set label 'Thick lines: estimates; thin lines: the upper limits of their intervals; band: intervals with' at 10.80, 347.53 left noenhanced font small front
set label 'random-effects weights.' at 10.80, 358.61 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 370.89 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 381.98 left noenhanced font small front
# samples of the legend
set arrow from 42.71, 295.40 to 60.71, 295.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set arrow from 105.56, 295.40 to 123.56, 295.40 nohead linewidth 1.80 dashtype solid linecolor rgb '#555555'
set arrow from 42.71, 307.28 to 60.71, 307.28 nohead linewidth 1.80 dashtype (6, 4) linecolor rgb '#8c8c8c'
set arrow from 207.40, 307.28 to 225.40, 307.28 nohead linewidth 1.80 dashtype (1.2, 2.8) linecolor rgb '#333333'
set arrow from 42.71, 319.16 to 60.71, 319.16 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
