# A funnel plot for gnuplot 5.4. Made by metapool 0.1.0; meant to be edited.
# The points are in the data file, a block for each series.
reset
set encoding utf8
set decimalsign '.'
set datafile separator "\t"
data = 'funnel-hostile.dat'

# ---- output: one of three; the svg terminal knows no bold ----
width = 382.54392   # of the page, in points
height = 326.97
letter = 9.0
regular = 'DejaVu Sans,9'
set terminal svg size width*4/3, height*4/3 background '#ffffff' font regular fontscale 4/3. linewidth 4/3.; weight = ''; dot = 0.5625*letter
#set terminal pdfcairo size (width/72)in, (height/72)in font regular fontscale 0.75 linewidth 1; weight = ':Bold'; dot = 6.04
#set terminal pngcairo size width*300/72, height*300/72 font regular fontscale 300/96. linewidth 300/72.; weight = ':Bold'; dot = 1.51
set output 'funnel-hostile.gp.svg'

# ---- the page ----
small = 'DejaVu Sans,7.92'
bold = 'DejaVu Sans'.weight.',9'
large = 'DejaVu Sans'.weight.',10.8'
# pdfcairo and pngcairo draw a character that no font has across the whole page.
# These are not in DejaVu Sans and become boxes; where other fonts have them, empty the list.
missing = '漢字の研究日本👩🔬'
if (weight eq '') missing = ''   # svg leaves fonts to the viewer
shown(s) = strlen(s) > 1 ? shown(s[1:strlen(s)/2]).shown(s[strlen(s)/2+1:*]) \
         : strlen(s) && strstrt(missing, s) ? '□' : s
unset key
set clip two
set multiplot

# ---- panel main ----
set lmargin at screen 47.74/width; set rmargin at screen 371.74/width
set tmargin at screen 1 - 34.02/height; set bmargin at screen 1 - 259.02/height
set border 15 linewidth 0.8
set xrange [-0.4596083687091557:0.6396083687091556]
set yrange [0.25964591273501686:0]
set xtics nomirror out scale 0.5 offset 0, 0.3
set xtics ('−0.4' -0.4, '−0.2' -0.2, '0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6) noenhanced font small
set ytics nomirror out scale 0.5 offset 0.4, 0
set ytics ('0.00' 0, '0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2, '0.25' 0.25) noenhanced font small
plot data index 0 using 1:2 with lines linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000', \
     data index 1 using 1:2 with lines linewidth 1.00 dashtype solid linecolor rgb '#000000', \
     data index 2 using 1:2:(1.00*$3/dot) with points pointtype 7 pointsize variable linewidth 1.00 linecolor rgb '#555555'

# ---- texts, in points from the top left corner of the page ----
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set xrange [0:width]; set yrange [height:0]
unset border; unset tics
# title
set label shown('A title with ''quotes'', `ticks`, </title> and "more" \ {/:Bold}') at 10.80, 18.36 left noenhanced font large front
# axis-label
set label shown('`x` ''y'' {/:Bold}') at 209.74, 279.59 center noenhanced font small front
set label shown('</svg> "y" \ 漢字') at 17.14, 146.52 center rotate by 90 noenhanced font small front
# name
set label shown('it''s "quoted" and `touch pwn…') at 63.00, 147.93 left noenhanced font small front
set label shown('</svg><script>alert(1)</scri…') at 90.84, 175.47 left noenhanced font small front
set label shown('{/:Bold b}^2_3 @~&{x}') at 133.64, 198.69 left noenhanced font small front
set label shown('’.system(''touch pwned'').''') at 162.76, 219.15 left noenhanced font small front
set label shown('$(touch pwned)') at 210.91, 237.64 left noenhanced font small front
set label shown('|touch pwned') at 244.66, 147.93 left noenhanced font small front
set label shown('EOD') at 305.80, 184.11 left noenhanced font small front
set label shown('# not a comment') at 79.41, 227.79 left noenhanced font small front
set label shown('漢字の研究 (日本) 2019') at 139.81, 254.92 left noenhanced font small front
set label shown('دراسة عربية') at 181.34, 165.21 left noenhanced font small front
set label shown('étude comb̂iné') at 276.32, 207.33 left noenhanced font small front
set label shown('😀👩‍🔬 emoji') at 305.80, 227.79 left noenhanced font small front
set label shown('two\nlines\x09and\x01 contr…') at 63.60, 237.64 left noenhanced font small front
set label shown('   ') at 246.85, 227.79 left noenhanced font small front
set label shown('NaN') at 276.32, 246.28 left noenhanced font small front
set label shown('-1.5e3') at 305.80, 156.57 left noenhanced font small front
# legend
set label shown('95% pseudo confidence region') at 69.30, 295.40 left noenhanced font small front
set label shown('Pooled estimate') at 228.86, 295.40 left noenhanced font small front
set label shown('Study') at 329.70, 295.40 left noenhanced font small front
# footnote
set label shown('Data (published): $(touch pwned) ''and'' </svg>') at 10.80, 312.68 left noenhanced font small front
# samples of the legend
set arrow from 46.80, 295.40 to 64.80, 295.40 nohead linewidth 1.00 dashtype (6, 4) linecolor rgb '#000000'
set arrow from 206.36, 295.40 to 224.36, 295.40 nohead linewidth 1.00 dashtype solid linecolor rgb '#000000'
set label '' at 316.20, 295.40 point pointtype 7 pointsize 5.40/dot linewidth 1.00 linecolor rgb '#555555'
plot NaN
unset multiplot
unset output
