# A forest plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The rows, with their texts and numbers, are in the data file.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'bcg-revman5.dat'
# its columns
Y = 1; KIND = 2; EFFECT = 3; LOWER = 4; UPPER = 5; AREA = 6; INDENT = 7; TEXT = 8; NOTE = 17

# ---- output: one of three; the svg terminal knows no bold ----
width = 697.14   # of the page, in points
height = 422.946
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'
set output 'bcg-revman5.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
axis_left = 484.74   # where the axis begins
axis_right = 682.74   # and ends
top = 60.12   # of the rows
bottom = 310.77   # where the axis line is
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
# marks
set label 'IV, Random, 95% CI' at 583.74, 51.12 center noenhanced font bold
set label 'Risk ratio' at 583.74, 38.52 center noenhanced font bold
# group
set label 'Group 1' at 182.08, 38.52 center noenhanced font bold
set label 'Group 2' at 273.64, 38.52 center noenhanced font bold
set label 'Risk ratio' at 471.24, 38.52 right noenhanced font bold
# favours
set label 'Favours vaccine' at 593.64, 333.34 right noenhanced font small
set label 'Favours control' at 604.44, 333.34 left noenhanced font small
# axis-label
set label 'Risk ratio (log scale)' at 583.74, 345.22 center noenhanced font small
# footnote
set label 'Random-effects model with inverse-variance weights, the between-study variance tau2 estimated by restricted maximum likelihood; 95% confidence intervals and' at 10.80, 361.93 left noenhanced font small
set label 'p-values by restricted maximum likelihood, from t on 12 degrees of freedom; interval of tau2 by the Q-profile method (Viechtbauer 2007), intervals of I2 and H2 from its' at 10.80, 373.01 left noenhanced font small
set label 'limits; 95% prediction interval by restricted maximum likelihood, here 0.' at 10.80, 384.10 left noenhanced font small
set label 'Squares: studies, area in proportion to weight, with 95% confidence intervals. Diamond: pooled estimate with 95% confidence interval. Bar: 95% prediction interval.' at 10.80, 396.38 left noenhanced font small
set label 'Data (textbook): Colditz et al. 1994, JAMA 271:698-702' at 10.80, 408.65 left noenhanced font small
# rules
set arrow from 141.25, 45.27 to 222.91, 45.27 nohead linewidth 0.6
set arrow from 232.81, 45.27 to 314.48, 45.27 nohead linewidth 0.6
set arrow from 10.80, 60.12 to 686.34, 60.12 nohead linewidth 0.6
# columns of the data file: where each starts, or ends if it is aligned right
array X[9] = [10.80, 175.43, 222.91, 266.99, 314.48, 361.87, 409.77, 442.21, 471.24]
left_columns = '1'
right_columns = '2 3 4 5 6 7 8 9'
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
     data index 0 using (X[1] + column(INDENT)):(only('text', column(Y))):(label(1)) \
       with labels left noenhanced font small
unset label; unset arrow; unset object

# ---- second layer: the axis and what is drawn along it ----
xmin = 0.06419220255424987
xmax = 7.469142170789273
null = 1.0
overall = 0.48942093982609847
set logscale x
per_point = log(xmax/xmin)/(axis_right - axis_left)
move(x, points) = x*exp(points*per_point)   # so many points to the right
set lmargin at screen axis_left/width; set rmargin at screen axis_right/width
set tmargin at screen 1 - top/height; set bmargin at screen 1 - bottom/height
set xrange [xmin:xmax]; set yrange [bottom:top]
set border 1 linewidth 0.8
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1, '2' 2, '5' 5) noenhanced font small
# line of no effect
set arrow from null, 60.12 to null, 310.77 nohead back linewidth 0.8 linecolor rgb '#8c8c8c'
# overall estimate
set arrow from overall, 60.12 to overall, 260.37 nohead back linewidth 0.7 dashtype (4, 5) linecolor rgb 'black'
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
square_colour = '#0000ff'
overall_colour = '#000000'
subgroup_colour = '#000000'
plot data index 0 using (inside(column(EFFECT))):(only('study', column(Y))) \
       :(move(column(EFFECT), -half(column(AREA)))):(move(column(EFFECT), half(column(AREA)))) \
       :(column(Y) - half(column(AREA))):(column(Y) + half(column(AREA))) \
       with boxxyerror fillstyle solid noborder linecolor rgb square_colour, \
     data index 0 using (from(column(LOWER))):(is('study') || is('prediction') ? column(Y) : NaN) \
       :(to(column(UPPER)) - from(column(LOWER))):(0):(heads(column(LOWER), column(UPPER))) \
       with vectors arrowstyle variable, \
     data index 0 using (inside(column(LOWER))):(only('prediction', column(Y) - cap)):(0):(2*cap) \
       with vectors nohead linecolor rgb 'black', \
     data index 0 using (inside(column(UPPER))):(only('prediction', column(Y) - cap)):(0):(2*cap) \
       with vectors nohead linecolor rgb 'black', \
     data index 1 using 1:2 with filledcurves closed fillstyle solid noborder linecolor rgb overall_colour, \
     data index 1 using 1:2 with lines linewidth 1 linecolor rgb 'black'
unset multiplot
unset output
