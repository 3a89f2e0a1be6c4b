# A pcurve plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'pcurve.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 380.02536   # of the page, in points
height = 361.422
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'pcurve.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 45.23/width; set rmargin at screen 369.23/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 259.02/height
set border 15 linewidth 0.8
set xrange [0:0.05600000000000001]
set yrange [0:106]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.00' 0, '0.01' 0.01, '0.02' 0.02, '0.03' 0.03, '0.04' 0.04, '0.05' 0.05) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0' 0, '20' 20, '40' 40, '60' 60, '80' 80, '100' 100) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 2 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 3 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#000000'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'p-value, two-sided' at 207.23, 279.59 center noenhanced font small front
set label 'Percent of findings' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# text
set label '75%' at 106.55, 92.39 left noenhanced font small front
set label '0%' at 164.41, 251.59 left noenhanced font small front
set label '0%' at 222.27, 251.59 left noenhanced font small front
set label '12%' at 280.13, 225.06 left noenhanced font small front
set label '12%' at 337.98, 225.06 left noenhanced font small front
# legend
set label 'No effect' at 67.73, 295.40 left noenhanced font small front
set label 'Power of 33%' at 140.69, 295.40 left noenhanced font small front
set label 'Findings' at 232.09, 295.40 left noenhanced font small front
# footnote
set label '8 of 13 studies are findings: p < 0.05 below no effect. Each point counts the p-values up' at 10.80, 312.68 left noenhanced font small front
set label 'to it from the one before.' at 10.80, 323.77 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 336.04 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 347.13 left noenhanced font small front
# samples of the legend
set arrow from 45.23, 295.40 to 63.23, 295.40 nohead linewidth 1.00 dashtype (1.2, 2.8) linecolor rgb '#000000'
set arrow from 118.19, 295.40 to 136.19, 295.40 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set label '' at 218.59, 295.40 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
