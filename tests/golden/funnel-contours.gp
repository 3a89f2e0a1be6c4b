# A funnel plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'funnel-contours.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.5068   # of the page, in points
height = 338.85
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'funnel-contours.gp.svg'

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
set xrange [0.17440475228343705:5.163101398002303]
set yrange [0.7735137798817088:0]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2, '5' 5) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.0' 0, '0.1' 0.1, '0.2' 0.2, '0.3' 0.3, '0.4' 0.4, '0.5' 0.5, '0.6' 0.6, '0.7' 0.7) noenhanced font small
plot data index 0 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#ebebeb', \
     data index 1 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#c4c4c4', \
     data index 2 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#9e9e9e', \
     data index 3 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#ffffff', \
     data index 4 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 5 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#0072b2'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk ratio (log scale)' at 204.71, 279.59 center noenhanced font small front
set label 'Standard error' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# name
set label 'Aronson 1948' at 129.35, 200.00 left noenhanced font small front
set label 'Ferguson & Simes 1949' at 62.78, 162.33 left noenhanced font small front
set label 'Rosenthal et al. 1960' at 85.48, 221.49 left noenhanced font small front
set label 'Hart & Sutherland 1977' at 76.54, 75.17 left noenhanced font small front
set label 'Frimodt-Møller et al. 1973' at 193.59, 99.85 left noenhanced font small front
set label 'Stein & Aronson 1953' at 43.22, 58.19 left noenhanced font small front
set label 'Vandiviere et al. 1973' at 59.39, 171.39 left noenhanced font small front
set label 'TPT Madras 1980' at 215.54, 52.33 left noenhanced font small front
set label 'Coetzee & Berjak 1968' at 68.81, 103.12 left noenhanced font small front
set label 'Rosenthal et al. 1961' at 83.25, 112.62 left noenhanced font small front
set label 'Comstock et al. 1974' at 181.95, 66.43 left noenhanced font small front
set label 'Comstock & Webster 1969' at 257.04, 246.28 left noenhanced font small front
set label 'Comstock et al. 1976' at 212.74, 111.75 left noenhanced font small front
# legend
set label 'p < 0.01' at 65.21, 295.40 left noenhanced font small front
set label '0.01 < p < 0.05' at 136.44, 295.40 left noenhanced font small front
set label '0.05 < p < 0.10' at 236.98, 295.40 left noenhanced font small front
set label 'p > 0.10' at 65.21, 307.28 left noenhanced font small front
set label 'Study' at 136.44, 307.28 left noenhanced font small front
# footnote
set label 'Data (textbook): Colditz et al. 1994, JAMA 271:698-702' at 10.80, 324.56 left noenhanced font small front
# samples of the legend
set object rectangle from 42.71, 291.80 to 60.71, 299.00 fillcolor rgb '#ebebeb' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set object rectangle from 113.94, 291.80 to 131.94, 299.00 fillcolor rgb '#c4c4c4' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set object rectangle from 214.48, 291.80 to 232.48, 299.00 fillcolor rgb '#9e9e9e' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set object rectangle from 42.71, 303.68 to 60.71, 310.88 fillcolor rgb '#ffffff' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set label '' at 122.94, 307.28 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#0072b2'
plot NaN
unset multiplot
unset output
