# A multiverse plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'multiverse.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 466.35264   # of the page, in points
height = 450.684
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'multiverse.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel effects ----
set lmargin at screen 59.55/width; set rmargin at screen 455.55/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 196.02/height
set border 15 linewidth 0.8
set xrange [0.5:16.5]
set logscale y
set yrange [0.31042629341785377:1.0460201670492058]
unset xtics
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.4' 0.4, '0.5' 0.5, '0.6' 0.6, '0.7' 0.7, '0.8' 0.8, '0.9' 0.9, '1.0' 1) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 1 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 0.90 dashtype solid linecolor rgb '#919191', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 3 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 0.90 dashtype solid linecolor rgb '#b4b4b4', \
     data index 4 using 1:2:(0.89*$3/dot) with points pointtype 5 pointsize variable linewidth 1.00 linecolor rgb '#ffffff', \
     data index 4 using 1:2:(0.89*$3/dot) with points pointtype 4 pointsize variable linewidth 1.00 linecolor rgb '#8c8c8c', \
     data index 5 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 1.80 dashtype solid linecolor rgb '#000000', \
     data index 6 using 1:2:(0.92*$3/dot) with points pointtype 13 pointsize variable linewidth 1.00 linecolor rgb '#000000'
unset logscale

# ---- panel method ----
set lmargin at screen 59.55/width; set rmargin at screen 455.55/width
set tmargin at screen 1 - 214.92/height; set bmargin at screen 1 - 308.52/height
set border 15 linewidth 0.8
set xrange [0.5:16.5]
set yrange [8.5:0.5]
unset xtics
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('REML' 1, 'ML' 2, 'DL' 3, 'PM' 4, 'HE' 5, 'SJ' 6, 'EE' 7, 'MH' 8) noenhanced font small
plot data index 7 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#000000'

# ---- panel test ----
set lmargin at screen 59.55/width; set rmargin at screen 455.55/width
set tmargin at screen 1 - 327.42/height; set bmargin at screen 1 - 362.52/height
set border 15 linewidth 0.8
set xrange [0.5:16.5]
set yrange [3.5:0.5]
unset xtics
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('hksj' 1, 'hksj-adhoc' 2, 'z' 3) noenhanced font small
plot data index 8 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#000000'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk ratio (log scale)' at 33.98, 115.02 center rotate by 90 noenhanced font small front
# panel
set label 'method' at 59.55, 208.17 left noenhanced font bold front
set label 'test' at 59.55, 320.67 left noenhanced font bold front
# axis-label
set label 'Distinct results, in order of the estimate' at 257.55, 368.86 center noenhanced font small front
# legend
set label 'No effect' at 69.30, 384.66 left noenhanced font small front
set label 'Random effects' at 142.27, 384.66 left noenhanced font small front
set label 'One common effect' at 241.56, 384.66 left noenhanced font small front
set label 'The analysis itself' at 356.90, 384.66 left noenhanced font small front
# footnote
set label '20 analyses, 16 distinct intervals. Several dots of one choice below an interval: these values give the same.' at 10.80, 401.94 left noenhanced font small front
set label 'The 95% interval lies on one side of the dotted line in 20 of 20 analyses.' at 10.80, 413.03 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis, JAMA 1994,' at 10.80, 425.30 left noenhanced font small front
set label '271:698-702; figures as in R''s metadat, White et al.' at 10.80, 436.39 left noenhanced font small front
# samples of the legend
set arrow from 46.80, 384.66 to 64.80, 384.66 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set label '' at 128.77, 384.66 point pointtype 7 pointsize 4.95/dot linewidth 1.00 linecolor rgb '#555555'
set label '' at 228.06, 384.66 point pointtype 4 pointsize 4.41/dot linewidth 1.00 linecolor rgb '#8c8c8c'
set label '' at 343.40, 384.66 point pointtype 13 pointsize 6.62/dot linewidth 1.00 linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
