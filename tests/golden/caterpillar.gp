# A caterpillar plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'caterpillar.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 359.064   # of the page, in points
height = 232.938
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'caterpillar.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 24.26/width; set rmargin at screen 348.26/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 142.02/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.05:7.811947146922131]
set yrange [14:0]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2, '5' 5) noenhanced font small
unset ytics
plot data index 0 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#ebebeb', \
     data index 1 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#bfbfbf', \
     data index 2 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 3 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 4 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 0.60 dashtype solid linecolor rgb '#8c8c8c', \
     data index 5 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk ratio (log scale)' at 186.26, 162.59 center noenhanced font small front
set label 'Studies by effect' at 17.14, 88.02 center rotate by 90 noenhanced font small front
# legend
set label '95% prediction interval' at 46.76, 178.40 left noenhanced font small front
set label '95% confidence interval of the mean' at 176.42, 178.40 left noenhanced font small front
set label 'Pooled estimate' at 46.76, 190.28 left noenhanced font small front
set label 'No effect' at 147.60, 190.28 left noenhanced font small front
set label 'Study with its interval' at 220.57, 190.28 left noenhanced font small front
# footnote
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of' at 10.80, 207.56 left noenhanced font small front
set label 'tuberculosis, JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 218.65 left noenhanced font small front
# samples of the legend
set object rectangle from 24.26, 174.80 to 42.26, 182.00 fillcolor rgb '#ebebeb' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set object rectangle from 153.92, 174.80 to 171.92, 182.00 fillcolor rgb '#bfbfbf' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set arrow from 24.26, 190.28 to 42.26, 190.28 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set arrow from 125.10, 190.28 to 143.10, 190.28 nohead linewidth 1.00 dashtype solid linecolor rgb '#000000'
set label '' at 207.07, 190.28 point pointtype 7 pointsize 3.15/dot linewidth 1.00 linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
