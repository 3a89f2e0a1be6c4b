# A influence plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'influence.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 483.1416   # of the page, in points
height = 695.07
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'influence.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
unset key
set clip two
set multiplot

# ---- panel weight ----
set lmargin at screen 36.37/width; set rmargin at screen 234.37/width
set tmargin at screen 1 - 44.82/height; set bmargin at screen 1 - 125.82/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [3.566916664025309:10.444151436059938]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('4' 4, '5' 5, '6' 6, '7' 7, '8' 8, '9' 9, '10' 10) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 1 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- panel rstandard ----
set lmargin at screen 274.34/width; set rmargin at screen 472.34/width
set tmargin at screen 1 - 44.82/height; set bmargin at screen 1 - 125.82/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [-1.5:1.5]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('−1.5' -1.5, '−1.0' -1, '−0.5' -0.5, '0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5) noenhanced font small
plot data index 2 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 3 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- panel rstudent ----
set lmargin at screen 36.37/width; set rmargin at screen 234.37/width
set tmargin at screen 1 - 158.96/height; set bmargin at screen 1 - 239.96/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [-1.522365085468028:1.544436198406038]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('−1.5' -1.5, '−1.0' -1, '−0.5' -0.5, '0.0' 0, '0.5' 0.5, '1.0' 1, '1.5' 1.5) noenhanced font small
plot data index 4 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 5 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- panel dffits ----
set lmargin at screen 274.34/width; set rmargin at screen 472.34/width
set tmargin at screen 1 - 158.96/height; set bmargin at screen 1 - 239.96/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [-1:1]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('−1.0' -1, '−0.5' -0.5, '0.0' 0, '0.5' 0.5, '1.0' 1) noenhanced font small
plot data index 6 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 7 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 8 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 9 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'

# ---- panel cook ----
set lmargin at screen 36.37/width; set rmargin at screen 234.37/width
set tmargin at screen 1 - 273.10/height; set bmargin at screen 1 - 354.10/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [-0.01777221328929168:0.4731175245199137]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.0' 0, '0.1' 0.1, '0.2' 0.2, '0.3' 0.3, '0.4' 0.4) noenhanced font small
plot data index 10 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 11 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 12 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'

# ---- panel covratio ----
set lmargin at screen 274.34/width; set rmargin at screen 472.34/width
set tmargin at screen 1 - 273.10/height; set bmargin at screen 1 - 354.10/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [0.9694954012402898:1.2303412712967365]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('1.00' 1, '1.05' 1.05, '1.10' 1.1, '1.15' 1.15, '1.20' 1.2) noenhanced font small
plot data index 13 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 14 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- panel hat ----
set lmargin at screen 36.37/width; set rmargin at screen 234.37/width
set tmargin at screen 1 - 387.23/height; set bmargin at screen 1 - 468.23/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [0.030514173024322137:0.2384713483748042]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2) noenhanced font small
plot data index 15 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 16 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 17 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'

# ---- panel dfbetas ----
set lmargin at screen 274.34/width; set rmargin at screen 472.34/width
set tmargin at screen 1 - 387.23/height; set bmargin at screen 1 - 468.23/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [-1.08:1.08]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('−1.0' -1, '−0.5' -0.5, '0.0' 0, '0.5' 0.5, '1.0' 1) noenhanced font small
plot data index 18 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 19 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555', \
     data index 20 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 21 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'

# ---- panel tau2_del ----
set lmargin at screen 36.37/width; set rmargin at screen 234.37/width
set tmargin at screen 1 - 501.37/height; set bmargin at screen 1 - 582.37/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [0.25888631119956973:0.3634259072682416]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.26' 0.26, '0.28' 0.28, '0.30' 0.3, '0.32' 0.32, '0.34' 0.34, '0.36' 0.36) noenhanced font small
plot data index 22 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 23 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- panel q_del ----
set lmargin at screen 274.34/width; set rmargin at screen 472.34/width
set tmargin at screen 1 - 501.37/height; set bmargin at screen 1 - 582.37/height
set border 15 linewidth 0.8
set xrange [0.5:13.5]
set yrange [64.61704153163107:160]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, '11' 11, '13' 13) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('80' 80, '100' 100, '120' 120, '140' 140, '160' 160) noenhanced font small
plot data index 24 using 1:2 with lines linewidth 0.60 dashtype solid linecolor rgb '#808080', \
     data index 25 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large front
# panel
set label 'Weight' at 36.37, 38.07 left noenhanced font bold front
set label 'Standardized' at 274.34, 38.07 left noenhanced font bold front
set label 'Deleted' at 36.37, 152.21 left noenhanced font bold front
set label 'DFFITS' at 274.34, 152.21 left noenhanced font bold front
set label 'Cook' at 36.37, 266.35 left noenhanced font bold front
set label 'Cov. ratio' at 274.34, 266.35 left noenhanced font bold front
set label 'Hat' at 36.37, 380.48 left noenhanced font bold front
set label 'DFBETAS' at 274.34, 380.48 left noenhanced font bold front
set label 'τ² without' at 36.37, 494.62 left noenhanced font bold front
set label 'Q without' at 274.34, 494.62 left noenhanced font bold front
# legend
set label 'Study, by its number' at 58.87, 606.87 left noenhanced font small front
set label 'Limit beyond which studies are flagged' at 178.78, 606.87 left noenhanced font small front
# footnote
set label 'Studies: 1 Aronson, 1948; 2 Ferguson & Simes, 1949; 3 Rosenthal et al, 1960; 4 Hart & Sutherland, 1977; 5' at 10.80, 624.15 left noenhanced font small front
set label 'Frimodt-Moller et al, 1973; 6 Stein & Aronson, 1953; 7 Vandiviere et al, 1973; 8 TPT Madras, 1980; 9 Coetzee &' at 10.80, 635.24 left noenhanced font small front
set label 'Berjak, 1968; 10 Rosenthal et al, 1961; 11 Comstock et al, 1974; 12 Comstock & Webster, 1969; 13 Comstock et al,' at 10.80, 646.33 left noenhanced font small front
set label '1976.' at 10.80, 657.41 left noenhanced font small front
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis, JAMA 1994, 271:698-702;' at 10.80, 669.69 left noenhanced font small front
set label 'figures as in R''s metadat, White et al.' at 10.80, 680.78 left noenhanced font small front
# samples of the legend
set label '' at 45.37, 606.87 point pointtype 7 pointsize 4.50/dot linewidth 1.00 linecolor rgb '#555555'
set arrow from 156.28, 606.87 to 174.28, 606.87 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
plot NaN
unset multiplot
unset output
