# A doi plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'doi.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.5068   # of the page, in points
height = 361.422
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'doi.gp.svg'

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
set xrange [0.18203238128819307:1.6965314878344113]
set yrange [3.074828420961093:0]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.2' 0.2, '0.5' 0.5, '1' 1) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5, '2.0' 2, '2.5' 2.5, '3.0' 3) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#666666', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk ratio (log scale)' at 204.71, 279.59 center noenhanced font small front
set label '|z| of the weighted rank' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# legend
set label 'Study in the middle' at 65.21, 295.40 left noenhanced font small front
set label 'Study' at 179.80, 295.40 left noenhanced font small front
# footnote
set label 'LFK index −4.10: major asymmetry. It is no test: its size depends on the number of' at 10.80, 312.68 left noenhanced font small front
set label 'studies.' at 10.80, 323.77 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 336.04 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 347.13 left noenhanced font small front
# samples of the legend
set arrow from 42.71, 295.40 to 60.71, 295.40 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set label '' at 166.30, 295.40 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
