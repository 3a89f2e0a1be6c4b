# A radial plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'radial-centred.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.07912   # of the page, in points
height = 373.302
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'radial-centred.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 42.28/width; set rmargin at screen 366.28/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 259.02/height
set border 15 linewidth 0.8
set xrange [0:2.106676456074892]
set yrange [-2.116761103303258:2.116761103303258]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('−2' -2, '−1' -1, '0' 0, '1' 1, '2' 2) noenhanced font small
plot data index 0 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#e0e0e0', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 3 using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 5 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Precision, 1 / √(v + τ²)' at 204.28, 279.59 center noenhanced font small front
set label 'Standardized deviation from the pooled estimate' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# text
set label '0.2' at 337.61, 235.19 left noenhanced font small front
set label '0.5' at 337.61, 144.40 left noenhanced font small front
set label '1' at 337.61, 75.72 left noenhanced font small front
# legend
set label '95% of studies with no other scatter' at 64.78, 295.40 left noenhanced font small front
set label 'Pooled estimate' at 245.95, 295.40 left noenhanced font small front
set label 'Study' at 64.78, 307.28 left noenhanced font small front
# footnote
set label 'The scale inside on the right has the effects (Risk ratio): a line from the origin through a' at 10.80, 324.56 left noenhanced font small front
set label 'study meets it at the study''s effect.' at 10.80, 335.65 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 347.92 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 359.01 left noenhanced font small front
# samples of the legend
set object rectangle from 42.28, 291.80 to 60.28, 299.00 fillcolor rgb '#e0e0e0' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set arrow from 223.45, 295.40 to 241.45, 295.40 nohead linewidth 1.00 dashtype solid linecolor rgb '#000000'
set label '' at 51.28, 307.28 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
