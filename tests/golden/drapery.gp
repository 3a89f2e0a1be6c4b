# A drapery plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'drapery.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 377.5068   # of the page, in points
height = 345.294
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'drapery.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 42.71/width; set rmargin at screen 366.71/width
set tmargin at screen 1 - 17.10/height; set bmargin at screen 1 - 242.10/height
set border 15 linewidth 0.8
set logscale x
set xrange [0.18203238128819307:1.6965314878344113]
set yrange [0:1]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.2' 0.2, '0.5' 0.5, '1' 1) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 2 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 3 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 4 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 5 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 6 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 7 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 8 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 9 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 10 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 11 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 12 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 13 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 14 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2', \
     data index 15 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 16 using 1:2 with lines linewidth 1.80 dashtype solid linecolor rgb '#000000'
unset logscale

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# axis-label
set label 'Risk ratio (log scale)' at 204.71, 262.67 center noenhanced font small front
set label 'p-value' at 17.14, 129.60 center rotate by 90 noenhanced font small front
# legend
set label 'No effect' at 65.21, 278.48 left noenhanced font small front
set label 'Study' at 138.17, 278.48 left noenhanced font small front
set label 'New study, by the prediction interval' at 197.95, 278.48 left noenhanced font small front
set label 'Pooled estimate' at 65.21, 290.36 left noenhanced font small front
# footnote
set label 'A curve is above the horizontal dotted line within its 95% interval.' at 10.80, 307.64 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 319.91 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 331.00 left noenhanced font small front
# samples of the legend
set arrow from 42.71, 278.48 to 60.71, 278.48 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set arrow from 115.67, 278.48 to 133.67, 278.48 nohead linewidth 0.60 dashtype solid linecolor rgb '#a2a2a2'
set arrow from 175.45, 278.48 to 193.45, 278.48 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set arrow from 42.71, 290.36 to 60.71, 290.36 nohead linewidth 1.80 dashtype solid linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
