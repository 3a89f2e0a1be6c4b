# A orchard plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'orchard.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 396.30096   # of the page, in points
height = 196.938
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'orchard.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 61.50/width; set rmargin at screen 385.50/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 106.02/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.12263588560240603:2]
set yrange [1.5:0.5]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('All (k = 13)' 1) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 1 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#b3b3b3', \
     data index 2 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 0.90 dashtype solid linecolor rgb '#000000', \
     data index 3 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 3.00 dashtype solid linecolor rgb '#000000', \
     data index 4 using 1:2:(0.92*$3/dot) with points pointtype 13 pointsize variable linewidth 1.00 linecolor rgb '#ffffff', \
     data index 4 using 1:2:(0.92*$3/dot) with points pointtype 12 pointsize variable linewidth 1.00 linecolor rgb '#000000'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk ratio (log scale)' at 223.50, 126.59 center noenhanced font small front
# legend
set label 'No effect' at 69.30, 142.40 left noenhanced font small front
set label 'Effect, area by precision' at 142.27, 142.40 left noenhanced font small front
set label '95% prediction interval' at 275.62, 142.40 left noenhanced font small front
set label '95% confidence interval' at 69.30, 154.28 left noenhanced font small front
set label 'Mean' at 202.40, 154.28 left noenhanced font small front
# footnote
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis, JAMA' at 10.80, 171.56 left noenhanced font small front
set label '1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 182.65 left noenhanced font small front
# samples of the legend
set arrow from 46.80, 142.40 to 64.80, 142.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set label '' at 128.77, 142.40 point pointtype 7 pointsize 7.20/dot linewidth 1.00 linecolor rgb '#b3b3b3'
set arrow from 253.12, 142.40 to 271.12, 142.40 nohead linewidth 0.90 dashtype solid linecolor rgb '#000000'
set arrow from 46.80, 154.28 to 64.80, 154.28 nohead linewidth 3.00 dashtype solid linecolor rgb '#000000'
set label '' at 188.90, 154.28 point pointtype 12 pointsize 6.62/dot linewidth 1.00 linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
