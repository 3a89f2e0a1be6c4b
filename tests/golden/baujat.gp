# A baujat plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'baujat.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 382.54392   # of the page, in points
height = 333.738
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'baujat.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 47.74/width; set rmargin at screen 371.74/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 259.02/height
set border 15 linewidth 0.8
set xrange [0:1.7303997877222534]
set yrange [0:0.2330388754593565]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.00' 0, '0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2) noenhanced font small
plot data index 0 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# axis-label
set label 'Squared Pearson residual: contribution to the heterogeneity' at 209.74, 279.59 center noenhanced font small front
set label 'Influence on the pooled estimate' at 17.14, 146.52 center rotate by 90 noenhanced font small front
# name
set label 'Hart & Sutherland, 1977' at 243.06, 42.67 left noenhanced font small front
set label 'Vandiviere et al, 1973' at 243.04, 163.04 left noenhanced font small front
set label 'TPT Madras, 1980' at 283.49, 71.98 left noenhanced font small front
set label 'Comstock & Webster, 1969' at 232.60, 197.17 left noenhanced font small front
# footnote
set label 'Influence: squared change of the estimate without the study, in units of its variance then.' at 10.80, 296.08 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis,' at 10.80, 308.36 left noenhanced font small front
set label 'JAMA 1994, 271:698-702; figures as in R''s metadat, White et al.' at 10.80, 319.45 left noenhanced font small front
plot NaN
unset multiplot
unset output
