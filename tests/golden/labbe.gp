# A labbe plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'labbe.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 345.6   # of the page, in points
height = 356.058
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'labbe.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 47.74/width; set rmargin at screen 290.74/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 277.02/height
set border 15 linewidth 0.8
set xrange [0:0.3199558924879393]
set yrange [0:0.3199558924879393]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.00' 0, '0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2, '0.25' 0.25, '0.30' 0.3) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.00' 0, '0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2, '0.25' 0.25, '0.30' 0.3) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#ffffff', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 6 pointsize variable linewidth 1.00 linecolor rgb '#0072b2'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Risk in group 2' at 169.24, 297.59 center noenhanced font small front
set label 'Risk in group 1' at 17.14, 155.52 center rotate by 90 noenhanced font small front
# legend
set label 'No effect' at 69.30, 313.40 left noenhanced font small front
set label 'Pooled estimate' at 142.27, 313.40 left noenhanced font small front
set label 'Study, area by weight' at 243.11, 313.40 left noenhanced font small front
# footnote
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of' at 10.80, 330.68 left noenhanced font small front
set label 'tuberculosis, JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 341.77 left noenhanced font small front
# samples of the legend
set arrow from 46.80, 313.40 to 64.80, 313.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set arrow from 119.77, 313.40 to 137.77, 313.40 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set label '' at 229.61, 313.40 point pointtype 6 pointsize 7.20/dot linewidth 1.00 linecolor rgb '#0072b2'
plot NaN
unset multiplot
unset output
