# A gosh plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'gosh.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 380.02536   # of the page, in points
height = 431.64
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'gosh.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel histogram ----
set lmargin at screen 45.23/width; set rmargin at screen 369.23/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 115.02/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.22080972371959937:1.043093842830753]
set yrange [0:52]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.3' 0.3, '0.4' 0.4, '0.5' 0.5, '0.6' 0.6, '0.7' 0.7, '0.8' 0.8, '0.9' 0.9, '1.0' 1) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0' 0, '10' 10, '20' 20, '30' 30, '40' 40, '50' 50) noenhanced font small
plot data index 0 using (($1 + $3)/2):(($2 + $4)/2):1:3:2:4 with boxxyerror fillstyle solid border linecolor rgb '#ffffff' fillcolor rgb '#999999' linewidth 0.4, \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
unset logscale

# ---- panel scatter ----
set lmargin at screen 45.23/width; set rmargin at screen 369.23/width
set tmargin at screen 1 - 137.36/height; set bmargin at screen 1 - 317.36/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.22080972371959937:1.043093842830753]
set yrange [0:100]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.3' 0.3, '0.4' 0.4, '0.5' 0.5, '0.6' 0.6, '0.7' 0.7, '0.8' 0.8, '0.9' 0.9, '1.0' 1) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80, '100' 100) noenhanced font small
plot data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#ffffff', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 6 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 3 using 1:2:(0.85*$3/dot) with points pointtype 2 pointsize variable linewidth 1.00 linecolor rgb '#8c8c8c', \
     data index 4 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Subsets' at 22.17, 74.52 center rotate by 90 noenhanced font small front
set label 'Risk ratio (log scale)' at 207.23, 337.93 center noenhanced font small front
set label 'I², %' at 17.14, 227.36 center rotate by 90 noenhanced font small front
# legend
set label 'All studies' at 67.73, 353.74 left noenhanced font small front
set label 'Subset without Hart & Sutherland, 1977' at 145.45, 353.74 left noenhanced font small front
set label 'Subset with Hart & Sutherland, 1977' at 67.73, 365.62 left noenhanced font small front
# footnote
set label 'Random 500 subsets of the studies; 120 of them are drawn as points. Crosses: subsets' at 10.80, 382.90 left noenhanced font small front
set label 'with the study that the estimate depends on most.' at 10.80, 393.98 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 406.26 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 417.35 left noenhanced font small front
# samples of the legend
set arrow from 45.23, 353.74 to 63.23, 353.74 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set label '' at 131.95, 353.74 point pointtype 6 pointsize 3.15/dot linewidth 1.00 linecolor rgb '#555555'
set label '' at 54.23, 365.62 point pointtype 2 pointsize 2.68/dot linewidth 1.00 linecolor rgb '#8c8c8c'
plot NaN
unset multiplot
unset output
