# A summary plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The rows, with their texts and numbers, are in the data file.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'summary.dat'
# its columns
Y = 1; KIND = 2; EFFECT = 3; LOWER = 4; UPPER = 5; AREA = 6; INDENT = 7; TEXT = 8; NOTE = 15

# ---- output: one of three; the svg terminal knows no bold ----
width = 505.71   # of the page, in points
height = 325.26
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'
set output 'summary.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
axis_left = 117.711   # where the axis begins
axis_right = 315.711   # and ends
top = 47.52   # of the rows
bottom = 179.82   # where the axis line is
arrow = 5.58   # length of an arrow head
cap = 2.7   # half the height of an interval's end
label(c) = strcol(TEXT-1+c)
set multiplot

# ---- first layer: texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics; unset key
# title
set label 'BCG vaccine against tuberculosis' at 10.80, 18.36 left noenhanced font large
# axis-label
set label 'Risk ratio (log scale)' at 216.71, 203.18 center noenhanced font small
# footnote
set label 'Random-effects model with inverse-variance weights, the between-study variance tau2 estimated by restricted' at 10.80, 219.89 left noenhanced font small
set label 'maximum likelihood (Harville 1977); 95% confidence intervals and p-values by Hartung-Knapp-Sidik-Jonkman (Hartung &' at 10.80, 230.98 left noenhanced font small
set label 'Knapp 2001), from t on 12 degrees of freedom; interval of tau2 by the Q-profile method (Viechtbauer 2007), intervals of' at 10.80, 242.06 left noenhanced font small
set label 'I2 and H2 from its limits; 95% prediction interval by t with k - 1 degrees of freedom and the standard error of the test in' at 10.80, 253.15 left noenhanced font small
set label 'force, here 12 (Veroniki et al. 2019).' at 10.80, 264.24 left noenhanced font small
set label 'Squares: pooled estimates, area in proportion to the number of studies, with 95% confidence intervals. Diamond: pooled' at 10.80, 276.52 left noenhanced font small
set label 'estimate with 95% confidence interval. Arrows: the interval continues beyond the axis.' at 10.80, 287.60 left noenhanced font small
set label 'Data (textbook): Colditz et al., Efficacy of BCG vaccine in the prevention of tuberculosis, JAMA 1994, 271:698-702; figures' at 10.80, 299.88 left noenhanced font small
set label 'as in R''s metadat, White et al.' at 10.80, 310.97 left noenhanced font small
# rules
set arrow from 10.80, 47.52 to 494.91, 47.52 nohead linewidth 0.6
# columns of the data file: where each starts, or ends if it is aligned right
array X[7] = [10.80, 104.21, 359.36, 391.81, 423.77, 462.15, 494.91]
left_columns = '1'
right_columns = '2 3 4 5 6 7'
is(kind) = strcol(KIND) eq kind
plain(y) = is('study') || is('prediction') || is('excluded') ? y : NaN
strong(y) = is('header') || is('summary') || is('overall') ? y : NaN
only(kind, y) = is(kind) ? y : NaN
colour(kind) = kind eq 'excluded' ? 0x6b6b6b : 0x000000
shift(c) = c == 1 ? column(INDENT) : 0
plot for [c in left_columns] data index 0 \
       using (X[c+0] + shift(c+0)):(plain(column(Y))):(label(c)):(colour(strcol(KIND))) \
       with labels left noenhanced font regular textcolor rgb variable, \
     for [c in right_columns] data index 0 \
       using (X[c+0]):(plain(column(Y))):(label(c)):(colour(strcol(KIND))) \
       with labels right noenhanced font regular textcolor rgb variable, \
     for [c in left_columns] data index 0 using (X[c+0] + shift(c+0)):(strong(column(Y))):(label(c)) \
       with labels left noenhanced font bold, \
     for [c in right_columns] data index 0 using (X[c+0]):(strong(column(Y))):(label(c)) \
       with labels right noenhanced font bold, \
     data index 0 using (X[1] + column(INDENT)):(only('heading', column(Y))):(label(1)) \
       with labels left noenhanced font bold
unset label; unset arrow; unset object

# ---- second layer: the axis and what is drawn along it ----
xmin = 0.17743079121799094
xmax = 23.953728622804444
null = 1.0
overall = 0.4894209398260303
set logscale x
per_point = log(xmax/xmin)/(axis_right - axis_left)
move(x, points) = x*exp(points*per_point)   # so many points to the right
set lmargin at screen axis_left/width; set rmargin at screen axis_right/width
set tmargin at screen 1 - top/height; set bmargin at screen 1 - bottom/height
set xrange [xmin:xmax]; set yrange [bottom:top]
set border 1 linewidth 0.8
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2, '5' 5, '10' 10, '20' 20) noenhanced font small
# line of no effect
set arrow from null, 47.52 to null, 179.82 nohead back linewidth 0.8 linecolor rgb '#8c8c8c'
# overall estimate
set arrow from overall, 47.52 to overall, 50.22 nohead back linewidth 0.7 dashtype (4, 5) linecolor rgb 'black'
set arrow from overall, 64.62 to overall, 169.02 nohead back linewidth 0.7 dashtype (4, 5) linecolor rgb 'black'
largest = 11.232   # side of the largest square
smallest = 2.52   # and of the smallest
half(area) = 0.5*(largest*sqrt(area) > smallest ? largest*sqrt(area) : smallest)
inside(x) = x >= xmin && x <= xmax ? x : NaN
# intervals as far as the axis goes, with an arrow head where they go on
from(lb) = lb < xmin ? xmin : lb > move(xmax, -2*arrow) ? move(xmax, -2*arrow) : lb
to(ub) = ub > xmax ? xmax : ub < move(xmin, 2*arrow) ? move(xmin, 2*arrow) : ub
heads(lb, ub) = 1 + (lb < xmin) + 2*(ub > xmax)
set style arrow 1 nohead linecolor rgb 'black'
set style arrow 2 backhead filled size screen arrow/width, 24 linecolor rgb 'black'
set style arrow 3 head filled size screen arrow/width, 24 linecolor rgb 'black'
set style arrow 4 heads filled size screen arrow/width, 24 linecolor rgb 'black'
square_colour = '#555555'
overall_colour = '#000000'
subgroup_colour = '#ffffff'
plot data index 0 using (inside(column(EFFECT))):(only('study', column(Y))) \
       :(move(column(EFFECT), -half(column(AREA)))):(move(column(EFFECT), half(column(AREA)))) \
       :(column(Y) - half(column(AREA))):(column(Y) + half(column(AREA))) \
       with boxxyerror fillstyle solid noborder linecolor rgb square_colour, \
     data index 0 using (from(column(LOWER))):(is('study') || is('prediction') ? column(Y) : NaN) \
       :(to(column(UPPER)) - from(column(LOWER))):(0):(heads(column(LOWER), column(UPPER))) \
       with vectors arrowstyle variable, \
     data index 1 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb overall_colour, \
     data index 1 using 1:2 with lines linewidth 1 linecolor rgb 'black'
unset multiplot
unset output
