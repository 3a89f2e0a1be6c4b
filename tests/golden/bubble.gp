# A bubble plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'bubble.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.5068   # of the page, in points
height = 362.214
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'bubble.gp.svg'

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
set xrange [10:56.68]
set logscale y
set yrange [0.14289987044052685:1.7123986589682691]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('10' 10, '20' 20, '30' 30, '40' 40, '50' 50) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.2' 0.2, '0.5' 0.5, '1' 1) noenhanced font small
plot data index 0 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb '#d9d9d9', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 2 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#808080', \
     data index 3 using 1:2 with lines linewidth 1.20 dashtype solid linecolor rgb '#000000', \
     data index 4 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#ffffff', \
     data index 4 using 1:2:(1.00*$3/dot) with points pointtype 6 pointsize variable linewidth 1.00 linecolor rgb '#555555'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'ablat' at 204.71, 279.59 center noenhanced font small front
set label 'Risk ratio (log scale)' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# name
set label 'Aronson, 1948' at 249.84, 172.88 left noenhanced font small front
set label 'Ferguson & Simes, 1949' at 251.59, 226.38 left noenhanced font small front
set label 'Rosenthal et al, 1960' at 222.41, 195.67 left noenhanced font small front
set label 'Stein & Aronson, 1953' at 179.60, 153.97 left noenhanced font small front
set label 'Vandiviere et al, 1973' at 111.35, 229.60 left noenhanced font small front
set label 'TPT Madras, 1980' at 73.61, 81.67 left noenhanced font small front
set label 'Coetzee & Berjak, 1968' at 168.98, 125.28 left noenhanced font small front
set label 'Rosenthal et al, 1961' at 172.09, 206.99 left noenhanced font small front
set label 'Comstock et al, 1974' at 107.92, 113.50 left noenhanced font small front
set label 'Comstock & Webster, 1969' at 207.27, 42.35 left noenhanced font small front
set label 'Comstock et al, 1976' at 210.30, 84.32 left noenhanced font small front
# legend
set label '95% confidence band' at 65.21, 295.40 left noenhanced font small front
set label '95% prediction band' at 188.04, 295.40 left noenhanced font small front
set label 'No effect' at 307.43, 295.40 left noenhanced font small front
set label 'Regression' at 65.21, 307.28 left noenhanced font small front
set label 'Study, area by weight' at 145.96, 307.28 left noenhanced font small front
# footnote
set label 'Meta-regression on ablat.' at 10.80, 324.56 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 336.83 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 347.92 left noenhanced font small front
# samples of the legend
set object rectangle from 42.71, 291.80 to 60.71, 299.00 fillcolor rgb '#d9d9d9' fillstyle solid border linecolor rgb '#8c8c8c' linewidth 0.4
set arrow from 165.54, 295.40 to 183.54, 295.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set arrow from 284.93, 295.40 to 302.93, 295.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#808080'
set arrow from 42.71, 307.28 to 60.71, 307.28 nohead linewidth 1.20 dashtype solid linecolor rgb '#000000'
set label '' at 132.46, 307.28 point pointtype 6 pointsize 7.20/dot linewidth 1.00 linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
