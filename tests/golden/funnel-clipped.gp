# A funnel plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'funnel-clipped.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 369.95112   # of the page, in points
height = 310.05
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'funnel-clipped.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 35.15/width; set rmargin at screen 359.15/width
set tmargin at screen 1 - 17.10/height; set bmargin at screen 1 - 242.10/height
set border 15 linewidth 0.8
set xrange [-1:2]
set yrange [0.16666666666666666:7.475331880577404]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('−1.0' -1, '−0.5' -0.5, '0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5, '2.0' 2) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6, '7' 7) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# axis-label
set label 'Standardized mean difference' at 197.15, 262.67 center noenhanced font small front
set label '1 / standard error' at 17.14, 129.60 center rotate by 90 noenhanced font small front
# legend
set label '95% pseudo confidence region' at 57.65, 278.48 left noenhanced font small front
set label 'Pooled estimate' at 217.22, 278.48 left noenhanced font small front
set label 'Study' at 318.05, 278.48 left noenhanced font small front
# footnote
set label 'Arrows at the edge: 1 point lies beyond it.' at 10.80, 295.76 left noenhanced font small front
# samples of the legend
set arrow from 35.15, 278.48 to 53.15, 278.48 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set arrow from 194.72, 278.48 to 212.72, 278.48 nohead linewidth 1.00 dashtype solid linecolor rgb '#000000'
set label '' at 304.55, 278.48 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#555555'
set arrow from 351.95, 216.45 to 359.15, 216.45 head filled size screen 7.20/width, 24 front linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
