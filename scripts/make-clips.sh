#!/usr/bin/env bash
# Makes the small videos that the sandbox's CDN serves (src/sandbox/clips/), their stills, and clips.json.
# Users do not need this: the results are committed. It needs ffmpeg with libx264, libvpx and libwebp.
# Every picture and every tone comes from ffmpeg's own generators and expressions, so nothing is copied from anywhere.
#
#   scripts/make-clips.sh            all clips
#   scripts/make-clips.sh neon-grid  only the named ones
set -euo pipefail

cd "$(dirname "$0")/../src/sandbox/clips"
only=("$@")

# Codecs. `bitexact` keeps encoder versions out of the files, so a rebuild with the same ffmpeg changes nothing.
exact=(-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact)
h264=(-c:v libx264 -preset veryslow -crf 31 -pix_fmt yuv420p -c:a aac -b:a 24k -ac 1 "${exact[@]}")
vp9=(-c:v libvpx-vp9 -crf 42 -b:v 0 -pix_fmt yuv420p -row-mt 0 -c:a libopus -b:a 20k -ac 1 "${exact[@]}")

# make <file> <still at second> <ffmpeg arguments…>: one clip and the still that the media proxy serves for it.
make() {
  local file=$1 still_at=$2 name=${1%.*}
  shift 2
  if ((${#only[@]})) && [[ " ${only[*]} " != *" $name "* ]]; then return; fi
  ffmpeg -hide_banner -loglevel error -nostdin -y "$@" "$file"
  ffmpeg -hide_banner -loglevel error -nostdin -y -ss "$still_at" -i "$file" -frames:v 1 \
    -c:v libwebp -quality 60 -map_metadata -1 -fflags +bitexact "$name.webp"
  printf '%-24s %7d bytes, still %6d\n' "$file" "$(stat -c %s "$file")" "$(stat -c %s "$name.webp")"
}

# paint <size> <fps> <seconds> <red> <green> <blue>: every pixel from an expression of X, Y, W, H and T.
paint() { echo "nullsrc=s=$1:r=$2:d=$3,format=gbrp,geq=r='$4':g='$5':b='$6'"; }
# tone <seconds> <expression of t>
tone() { echo "aevalsrc='$2':s=24000:d=$1"; }
# hash <a> <b>: a number in 0…1 that looks random, the same for the same a and b.
hash() { echo "mod(abs(sin(($1)*12.9898+($2)*78.233)*43758.5453),1)"; }

# Evening: a sun sinks behind three ridges that drift at different speeds.
far="(H*0.58+14*sin(X/41+T*0.25)+7*sin(X/17+T*0.25))"
mid="(H*0.70+18*sin(X/53+2+T*0.5)+6*sin(X/19+T*0.5))"
near="(H*0.84+16*sin(X/67+4+T*0.9)+5*sin(X/11+T*0.9))"
sun="lt(hypot(X-W*0.62,Y-H*(0.30+0.035*T)),H*0.13)"
layers() { echo "if(gt(Y,$near),$1,if(gt(Y,$mid),$2,if(gt(Y,$far),$3,if($sun,$4,$5))))"; }
make dusk-ridge.mp4 3 \
  -f lavfi -i "$(paint 480x270 24 8 "$(layers 28 62 120 255 '250-60*Y/H')" "$(layers 26 44 74 222 '120+90*Y/H')" "$(layers 48 78 110 150 '140-20*Y/H')")" \
  -f lavfi -i "$(tone 8 '0.12*sin(2*PI*196*t)*(0.6+0.4*sin(2*PI*0.5*t))+0.08*sin(2*PI*294*t)')" \
  "${h264[@]}" -movflags +faststart

# A road of light runs towards a striped sun.
below="gt(Y,H*0.55)"
depth="(40/(Y-H*0.55+2))"
line="gt((lt(mod($depth*2.2+T*1.6,1),0.14)+lt(mod((X-W/2)*$depth/26+100,1),0.06+$depth/90))*gt(Y,H*0.60),0)"
disc="lt(hypot(X-W/2,Y-H*0.42),H*0.30)*gt(mod(Y,H*0.07),H*0.018*(Y/H)*3)"
grid() { echo "if($below,if($line,$1,$2),if($disc,$3,$4))"; }
make neon-grid.webm 2 \
  -f lavfi -i "$(paint 480x270 24 6 "$(grid 255 30 255 '30+60*Y/H')" "$(grid 70 6 '210-220*Y/H' '10+14*Y/H')" "$(grid 215 54 '70+150*Y/H' '56+80*Y/H')")" \
  -f lavfi -i "$(tone 6 '0.15*sin(2*PI*(110+55*floor(mod(t*4,3)))*t)*exp(-3*mod(t*4,1))')" \
  "${vp9[@]}" -crf 48

# A block jumps across a scrolling landscape of large pixels and collects coins.
runner_y="(48-22*abs(sin(T*2.6)))"
runner="lt(abs(X-34),5)*lt(abs(Y-$runner_y),5)"
eye="lt(abs(X-36),1.6)*lt(abs(Y-$runner_y+1),1.6)"
ground="gt(Y,53)"
brick="lt(mod(X+floor(T*36)+gt(mod(Y-53,10),5)*6,12),1)+lt(mod(Y-53,5),1)"
hill="gt(Y,44+6*sin((X+T*12)/15))"
coin="lt(hypot(mod(X+T*36,40)-20,Y-28),3.2)*gt(X,42)"
cloud="lt(hypot((mod(X+T*5,70)-35)/2.4,Y-12),4)"
scene() { echo "if($runner,if($eye,255,$1),if($ground,if(gt($brick,0),$2,$3),if($coin,$4,if($hill,$5,if($cloud,245,$6)))))"; }
make pixel-runner.mp4 2.1 \
  -f lavfi -i "$(paint 120x68 30 7 "$(scene 226 82 156 255 84 108)" "$(scene 66 44 94 206 168 186)" "$(scene 74 38 58 64 92 240)"),scale=480:272:flags=neighbor" \
  -f lavfi -i "$(tone 7 '0.1*(gt(mod(t*(262+66*floor(mod(t*3,4))),1),0.5)-0.5)*lt(mod(t*3,1),0.6)')" \
  "${h264[@]}" -movflags +faststart

# Seen from the floor of a climbing hall: coloured holds glide past a climber.
wall_y="(Y+T*34)"
row="floor($wall_y/54)"
column="floor(X/54)"
hold="lt(hypot((mod(X,54)-15-24*$(hash "$column" "$row")),(mod($wall_y,54)-27)*(1+0.6*$(hash "$row" "$column"))),6+7*$(hash "$column+7" "$row"))"
kind="floor(4*$(hash "$column+3" "$row+5"))"
body_x="(W/2+58*sin(T*1.1))"
body_y="(H*0.55+6*sin(T*4.4))"
climber="lt(hypot(X-$body_x,Y-$body_y+34),11)+lt(hypot((X-$body_x)*1.7,Y-$body_y),26)+lt(abs(X-$body_x-(Y-$body_y+8)*0.9*sin(T*4.4)),5)*lt(abs(Y-$body_y+18),34)+lt(abs(X-$body_x+(Y-$body_y-20)*0.5*cos(T*4.4)),5)*gt(Y,$body_y+8)*lt(Y,$body_y+62)"
rope="lt(abs(X-$body_x*0.6-W*0.2),1.4)*lt(Y,$body_y)"
panel="(gt(mod(X,135),2)*gt(mod($wall_y,162),2))"
wall() { echo "if(gt($climber,0),$1,if($hold,if(eq($kind,0),$2,if(eq($kind,1),$3,if(eq($kind,2),$4,$5))),if($rope,230,$6*(0.75+0.25*$panel))))"; }
make wall-climber.mp4 3.2 \
  -f lavfi -i "$(paint 270x480 24 7 "$(wall 250 240 52 250 60 '(178-40*Y/H)')" "$(wall 128 70 140 204 190 '(170-44*Y/H)')" "$(wall 40 80 226 60 110 '(160-44*Y/H)')")" \
  "${h264[@]}" -an -movflags +faststart

# A wheel swings through a half-pipe at night.
swing="sin(T*2.4)"
pipe="(H*0.86-H*0.5*pow(abs(X-W/2)/(W*0.45),4))"
wheel_x="(W/2+W*0.36*$swing)"
wheel_y="(H*0.86-H*0.5*pow(abs(0.36*$swing)/0.45,4)-17)"
wheel="lt(hypot(X-$wheel_x,Y-$wheel_y),16)"
spoke="lt(mod(atan2(Y-$wheel_y,X-$wheel_x)+10*PI-T*0-7*$swing,PI/2),0.35)*gt(hypot(X-$wheel_x,Y-$wheel_y),4)"
lamp="exp(-hypot(X-W*0.5,(Y+30)*0.8)/110)"
coping="lt(abs(Y-$pipe),2.5)"
pipes() { echo "if($wheel,if($spoke,40,$1),if($coping,$2,if(gt(Y,$pipe),$3,$4+$5*$lamp)))"; }
make half-pipe.mp4 2.4 \
  -f lavfi -i "$(paint 480x270 30 6 "$(pipes 255 235 '92-30*Y/H' 16 230)" "$(pipes 196 235 '104-30*Y/H' 22 190)" "$(pipes 64 240 '122-30*Y/H' 46 90)")" \
  -f lavfi -i "$(tone 6 '0.25*(random(0)-0.5)*abs(cos(t*2.4))')" \
  "${h264[@]}" -movflags +faststart

# Snow falls on a cabin with one lit window.
strip="floor(X/10)"
flake="lt(hypot(mod(X,10)-5-3*sin(T*1.5+$strip),mod(Y-T*(26+40*$(hash "$strip" 1))+900*$(hash "$strip" 2),120)-60),1.2+1.6*$(hash "$strip" 3))"
bank="gt(Y,H*0.80+10*sin(X/46)+4*sin(X/15))"
house="lt(abs(X-W*0.6),46)*gt(Y,H*0.66)*lt(Y,H*0.84)"
roof="lt(abs(X-W*0.6),(Y-H*0.55)*1.25)*gt(Y,H*0.55)*lt(Y,H*0.665)"
window="lt(abs(X-W*0.66),11)*lt(abs(Y-H*0.73),12)*gt(abs(X-W*0.66),1.4)*gt(abs(Y-H*0.73),1.4)"
winter() { echo "if($flake,$1,if($bank,$2,if($window,$3,if($house,$4,if($roof,$5,$6)))))"; }
make snow-cabin.webm 2 \
  -f lavfi -i "$(paint 270x480 20 7 "$(winter 245 '190-30*Y/H' 255 74 226 '14+40*Y/H')" "$(winter 248 '204-30*Y/H' 206 48 232 '22+52*Y/H')" "$(winter 255 '236-20*Y/H' 110 44 244 '58+70*Y/H')")" \
  "${vp9[@]}" -crf 50 -an

# The sweep of a countdown leader, with a blip each second.
centre="hypot(X-W/2,Y-H/2)"
angle="mod(atan2(X-W/2,H/2-Y)+2*PI,2*PI)"
swept="lt($angle,2*PI*mod(T,1))"
cross="lt(abs(X-W/2),1)+lt(abs(Y-H/2),1)"
ring="lt(abs($centre-H*0.40),2)+lt(abs($centre-H*0.34),2)"
# One dot for each second that is left.
dots="lt(hypot(mod(X-W*0.32,W*0.09)-W*0.045,Y-H/2),H*0.045)*gt(X,W*0.32)*lt(X,W*0.32+W*0.09*(4-floor(T)))"
leader="if(gt($dots,0),26,if(gt($ring,0),238,if(gt($cross,0),40,if($swept,112,168)-40*pow($centre/W,2))))"
make film-leader.mov 1.6 \
  -f lavfi -i "$(paint 480x360 24 4 "$leader" "$leader*0.97" "$leader*0.88")" \
  -f lavfi -i "$(tone 4 '0.2*sin(2*PI*1000*t)*lt(mod(t,1),0.06)')" \
  "${h264[@]}"

# A lighthouse turns its beam over the sea.
beam_angle="(PI/2+1.45*cos(T*0.9))"
bearing="atan2(H*0.30-Y,X-W*0.28)"
beam="exp(-pow(($bearing-$beam_angle)*6,2))*exp(-hypot(X-W*0.28,Y-H*0.30)/300)"
tower="lt(abs(X-W*0.28),7+(Y-H*0.3)*0.075)*gt(Y,H*0.33)*lt(Y,H*0.79)"
stripe="gt(mod(Y-H*0.33,H*0.15),H*0.075)"
lantern="lt(abs(X-W*0.28),6)*gt(Y,H*0.265)*lt(Y,H*0.33)"
rock="gt(Y,H*0.76+pow(abs(X-W*0.28)/34,2)*6)"
sea="gt(Y,H*0.74+2.5*sin(X/21+T*2)+1.5*sin(X/9-T*3))"
coast() { echo "if($lantern,$1,if($tower,if($stripe,$2,236),if($rock,$3,min(255,if($sea,$4,$5)+$6*$beam))))"; }
make lighthouse.mp4 3.6 \
  -f lavfi -i "$(paint 480x270 24 9 "$(coast 255 206 40 '18+16*sin(Y*0.8-T*2)' '26+70*Y/H' 210)" "$(coast 240 58 36 '52+20*sin(Y*0.8-T*2)' '30+60*Y/H' 190)" "$(coast 170 52 50 '84+22*sin(Y*0.8-T*2)' '74+60*Y/H' 110)")" \
  -f lavfi -i "$(tone 9 '0.2*(random(0)-0.5)*(0.5+0.5*sin(2*PI*0.22*t))')" \
  "${h264[@]}" -movflags +faststart

# A folded boat on paper waves, at eight pictures a second like stop-motion.
boat_x="(W*0.12+W*0.095*T)"
boat_y="(H*0.56+7*sin(T*2.3))"
hull="lt(abs(X-$boat_x),40-(Y-$boat_y)*0.9)*gt(Y,$boat_y)*lt(Y,$boat_y+22)"
sail="lt(abs(X-$boat_x-0.5),(Y-$boat_y+46)*0.55)*gt(Y,$boat_y-46)*lt(Y,$boat_y-2)"
crease="gt(X,$boat_x)"
wave1="gt(Y,H*0.62+9*abs(sin((X+T*26)/30)))"
wave2="gt(Y,H*0.74+10*abs(sin((X-T*34)/36)))"
wave3="gt(Y,H*0.86+11*abs(sin((X+T*42)/42)))"
moon="lt(hypot(X-W*0.8,Y-H*0.22),H*0.11)"
paper() { echo "(if($wave3,$1,if($wave2,$2,if($hull,$3-26*$crease,if($sail,$4-30*$crease,if($wave1,$5,if($moon,$6,$7)))))))+5*$(hash X Y)"; }
make paper-boat.mp4 3.5 \
  -f lavfi -i "$(paint 480x270 8 8 "$(paper 34 58 228 246 92 248 240)" "$(paper 92 128 84 240 168 214 196)" "$(paper 130 166 66 226 196 140 176)")" \
  "${h264[@]}" -crf 33 -an -movflags +faststart

# Five planets and their star.
star="lt(hypot(X-W/2,Y-H/2),W*0.07)"
glow="exp(-hypot(X-W/2,Y-H/2)/34)"
planet() { echo "lt(hypot(X-W/2-$1*cos(T*$2+$3),Y-H/2-$1*sin(T*$2+$3)),$4)"; }
orbit() { echo "lt(abs(hypot(X-W/2,Y-H/2)-$1),0.6)"; }
p1=$(planet 48 2.4 0 6) p2=$(planet 82 1.6 2 9) p3=$(planet 118 1.1 4 12) p4=$(planet 156 0.8 1 8) p5=$(planet 182 0.6 5 5)
tracks="($(orbit 48)+$(orbit 82)+$(orbit 118)+$(orbit 156)+$(orbit 182))"
twinkle="gt($(hash 'floor(X/3)' 'floor(Y/3)'),0.994)*150"
system() { echo "if($star,$1,if($p1,$2,if($p2,$3,if($p3,$4,if($p4,$5,if($p5,$6,min(255,$7+$twinkle+34*$tracks+150*$glow)))))))"; }
make five-planets.mp4 4 \
  -f lavfi -i "$(paint 400x400 24 8 "$(system 255 214 92 236 120 240 12)" "$(system 220 120 190 180 214 240 12)" "$(system 120 70 250 70 130 250 '30+0*X')")" \
  -f lavfi -i "$(tone 8 '0.1*sin(2*PI*(330+20*sin(2*PI*0.4*t))*t/1.0)+0.08*sin(2*PI*165*t)')" \
  "${h264[@]}" -movflags +faststart

# Stripes that wind around the middle of a square.
turns="(atan2(Y-H/2,X-W/2)*3/PI*2.0+log(hypot(X-W/2,Y-H/2)+1)*2.4-T*1.5)"
shade="(0.5+0.5*sin($turns*PI/2))"
make spiral-staircase.mov 1 \
  -f lavfi -i "$(paint 360x360 20 4 "40+205*$shade" "46+120*$shade" "110-20*$shade+30*sin(T)")" \
  "${h264[@]}" -an

# Ripples from two stones thrown into a pond.
ripple() { echo "sin(hypot(X-W*$1,(Y-H*$2)*1.7)/6-T*5)*exp(-hypot(X-W*$1,(Y-H*$2)*1.7)/130)"; }
pond="clip($(ripple 0.34 0.42)+$(ripple 0.70 0.62),-1.3,1.3)"
make pond-ripples.webm 2 \
  -f lavfi -i "$(paint 426x240 20 5 "60+44*$pond" "128+62*$pond" "136+66*$pond")" \
  -f lavfi -i "$(tone 5 '0.14*sin(2*PI*(520-160*mod(t,1.25))*t)*exp(-7*mod(t,1.25))')" \
  "${vp9[@]}"

# Conway's game, a slow fade behind what dies.
make life-colony.webm 4 \
  -f lavfi -i "life=s=120x68:mold=12:r=15:ratio=0.14:seed=7:death_color=#0b3a5a:life_color=#ffe07a:mold_color=#07121f,trim=duration=6,scale=480:272:flags=neighbor" \
  "${vp9[@]}" -crf 46 -an

# A cellular automaton scrolls up like rain on a window.
make cell-rain.mp4 3 \
  -f lavfi -i "cellauto=s=68x120:rule=22:r=15:seed=11:ratio=0.25:full=1,trim=duration=5,format=gbrp,lutrgb=r='18+val*0.20':g='32+val*0.78':b='52+val*0.58',scale=272:480:flags=neighbor" \
  "${h264[@]}" -crf 34 -an -movflags +faststart

# Down into the Mandelbrot set.
make mandelbrot-dive.mp4 4 \
  -f lavfi -i "mandelbrot=s=426x240:r=15:start_scale=2.2:end_scale=0.05:end_pts=75:maxiter=400:bailout=12,trim=duration=6,hue=h=t*14" \
  -f lavfi -i "$(tone 6 '0.14*sin(2*PI*(140+26*t)*t)')" \
  "${h264[@]}" -crf 35 -movflags +faststart

# Colours that flow into each other.
make colour-drift.webm 3 \
  -f lavfi -i "gradients=s=480x270:c0=0xff7a59:c1=0x6a4cff:c2=0x00c2a8:c3=0xffd166:n=4:speed=0.03:seed=5:d=10:r=20" \
  "${vp9[@]}" -crf 40 -an

# A test card whose index is at the end of the file, as cameras and screen recorders leave it.
make test-card.mp4 2 \
  -f lavfi -i "testsrc2=s=640x360:r=24:d=5" \
  -f lavfi -i "sine=frequency=440:beep_factor=4:d=5" \
  "${h264[@]}" -crf 34

# Colour bars with two boxes that pass each other.
make studio-bars.mov 1.5 \
  -f lavfi -i "smptehdbars=s=640x360:r=25:d=5,drawbox=x=0:y=150:w=640:h=60:color=black@0.55:t=fill" \
  -f lavfi -i "color=c=white:s=54x40:r=25:d=5" -f lavfi -i "color=c=0x20c0ff:s=54x40:r=25:d=5" \
  -f lavfi -i "sine=frequency=1000:d=5" \
  -filter_complex "[0][1]overlay=x='W*t/5':y=160[a];[a][2]overlay=x='W-W*t/5':y=160:shortest=1[v]" \
  -map '[v]' -map 3 "${h264[@]}"

# A ride along a forest trail, trees to both sides.
tree_x() { echo "(W/2+$1*W*0.30*$(tree_scale "$2"))"; }
tree_scale() { echo "(0.10/(1.03-mod(T*0.42+$1,1)))"; }
trunk() { echo "lt(abs(X-$(tree_x "$1" "$2")),7*$(tree_scale "$2"))*lt(abs(Y-H*0.46+14*$(tree_scale "$2")),62*$(tree_scale "$2"))"; }
crown() { echo "lt(hypot((X-$(tree_x "$1" "$2"))*1.3,Y-H*0.46+92*$(tree_scale "$2")),64*$(tree_scale "$2"))"; }
trunks="($(trunk -1 0)+$(trunk 1 0.17)+$(trunk -1 0.36)+$(trunk 1 0.52)+$(trunk -1 0.70)+$(trunk 1 0.86))"
crowns="($(crown -1 0)+$(crown 1 0.17)+$(crown -1 0.36)+$(crown 1 0.52)+$(crown -1 0.70)+$(crown 1 0.86))"
soil="gt(Y,H*0.46)"
track="lt(abs(X-W/2-14*sin(T*1.7)*(Y/H-0.46)*3),(Y-H*0.46)*0.42+3)"
band="gt(mod(30/(Y-H*0.46+3)*3+T*3.2,1),0.5)"
trail() { echo "if($crowns,$1,if($trunks,$2,if($soil,if($track,$3+10*$band,$4+9*$band),$5)))"; }
make forest-trail.mov 2 \
  -f lavfi -i "$(paint 480x270 20 6 "$(trail '38+20*Y/H' 78 172 70 '214-40*Y/H')" "$(trail '94+40*Y/H' 54 136 118 '232-30*Y/H')" "$(trail 58 40 96 54 '208+30*Y/H')")" \
  "${h264[@]}" -crf 34 -an

# Leaves fall past a birch.
strand="floor(X/18)"
fall="mod(Y-T*(34+30*$(hash "$strand" 5))+900*$(hash "$strand" 6),150)"
drift="(mod(X,18)-9-5*sin(T*1.8+$strand))"
leaf="lt(hypot($drift+($fall-75)*0.5*sin(T*2+$strand),($fall-75)*0.7),3.2+2.2*$(hash "$strand" 7))"
tint="$(hash "$strand" 8)"
birch="lt(abs(X-W*0.22-6*sin(Y/130)),17)"
bark="lt($(hash 'floor(Y/7)' 3),0.28)*gt(mod(X+Y*0.3,23),8)"
meadow="gt(Y,H*0.88+6*sin(X/31))"
autumn() { echo "if($leaf,$1,if($meadow,$2,if($birch,if($bark,52,$3),$4)))"; }
make birch-leaves.mov 2 \
  -f lavfi -i "$(paint 270x480 20 6 "$(autumn "214+36*$tint" '176-50*Y/H' 232 '168+60*Y/H')" "$(autumn "70+130*$tint" '128-40*Y/H' 228 '196+20*Y/H')" "$(autumn 36 52 218 '216-70*Y/H')")" \
  "${h264[@]}" -crf 34 -an

# A kite on a windy day.
kite_x="(W*0.58+W*0.13*sin(T*1.1))"
kite_y="(H*0.32+H*0.10*sin(T*2.2))"
tilt="(0.5*cos(T*1.1))"
along="((X-$kite_x)*sin($tilt)+(Y-$kite_y)*cos($tilt))"
across="((X-$kite_x)*cos($tilt)-(Y-$kite_y)*sin($tilt))"
kite="lt(abs($across)/30+if(lt($along,0),-$along/26,$along/46),1)"
half="gt($across,0)"
tail="gt($along,44)*lt($along,118)*lt(abs($across-9*sin($along/9-T*6)),2.6)"
string="lt(abs((X-W*0.2)*(H*0.86-$kite_y)/($kite_x-W*0.2)+Y-H*0.86),1.5)*gt(X,W*0.2)*lt(X,$kite_x)"
puff() { echo "lt(hypot((mod(X+T*$1+$2,W*1.3)-60)/2.4,Y-H*$3),$4)"; }
clouds="($(puff -16 0 0.20 13)+$(puff -16 30 0.23 16)+$(puff -9 320 0.44 10)+$(puff -9 345 0.42 13))"
grass="gt(Y,H*0.82+9*sin(X/74+1))"
flyer="lt(hypot(X-W*0.2,Y-H*0.80),6)+lt(abs(X-W*0.2),5)*gt(Y,H*0.82)*lt(Y,H*0.93)"
sky() { echo "if($kite,if($half,$1,$2),if(gt($tail,0),$3,if(gt($flyer,0),$4,if($grass,$5,if($string,70,if(gt($clouds,0),248,$6))))))"; }
make kite-flight.mp4 2.2 \
  -f lavfi -i "$(paint 480x270 24 7 "$(sky 232 255 250 190 '128-40*Y/H' '96+70*Y/H')" "$(sky 64 190 150 60 '178-50*Y/H' '168+50*Y/H')" "$(sky 84 60 60 70 '84-30*Y/H' '232+14*Y/H')")" \
  "${h264[@]}" -an -movflags +faststart

# A street at night; windows go on and off, a car passes.
tower="floor(X/38)"
roofline="(H*0.24+H*0.36*$(hash "$tower" 4))"
building="gt(Y,$roofline)*lt(Y,H*0.86)"
pane="gt(mod(X,38),6)*gt(mod(X,9.5),4)*gt(mod(Y,13),6)*gt(Y,$roofline+6)"
room="gt($(hash "floor(X/9.5)" "floor(Y/13)+7*floor(T*0.7+9*$(hash "floor(Y/13)" "floor(X/9.5)"))"),0.66)"
car_x="(W*1.15-W*0.24*T)"
car="lt(abs(X-$car_x),26)*lt(abs(Y-H*0.905),6)+lt(abs(X-$car_x-3),14)*lt(abs(Y-H*0.875),5)"
light="exp(-hypot((X-$car_x+46)/34,(Y-H*0.92)/7))*lt(X,$car_x-22)"
disc="lt(hypot(X-W*0.82,Y-H*0.15),H*0.07)"
street() { echo "if(gt($car,0),$1,if($building,if($pane*$room,$2,$3),if(gt(Y,H*0.86),min(255,$4+180*$light),if($disc,$5,$6))))"; }
make city-windows.webm 3 \
  -f lavfi -i "$(paint 480x270 15 6 "$(street 196 255 24 34 240 '18+60*Y/H')" "$(street 52 206 26 34 232 '20+34*Y/H')" "$(street 60 110 46 44 204 '58+50*Y/H')")" \
  "${vp9[@]}" -crf 48 -an

# A caterpillar crosses a leaf, ten pictures a second.
segment_x() { echo "(W*0.14+$1*30+W*0.055*T+6*sin(T*4-$1))"; }
segment_y() { echo "(H*0.60+8*sin(X/80)-13*abs(sin(T*3.1-$1*0.62)))"; }
segment() { echo "lt(hypot(X-$(segment_x "$1"),Y-$(segment_y "$1")),$2)"; }
even="($(segment 0 17)+$(segment 2 19)+$(segment 4 19))"
odd="($(segment 1 18)+$(segment 3 19)+$(segment 5 20))"
head="$(segment 6 22)"
pupil="lt(hypot(X-$(segment_x 6)-9,Y-$(segment_y 6)+5),3.4)"
eyeball="lt(hypot(X-$(segment_x 6)-8,Y-$(segment_y 6)+5),7)"
leaf="gt(Y,H*0.65+8*sin(X/80))"
vein="lt(abs(Y-H*0.82-8*sin(X/80)),2)+lt(mod(X+abs(Y-H*0.82)*0.8,70),2.4)"
garden() { echo "if($pupil,20,if($eyeball,250,if($head,$1,if(gt($odd,0),$2,if(gt($even,0),$3,if($leaf,$4+22*gt($vein,0),$5))))))"; }
make caterpillar.mov 3 \
  -f lavfi -i "$(paint 480x270 10 7 "$(garden 244 250 240 64 '250-30*Y/H')" "$(garden 120 196 150 142 '226-20*Y/H')" "$(garden 74 80 60 82 '178+20*Y/H')")" \
  -f lavfi -i "$(tone 7 '0.12*sin(2*PI*(392+98*floor(mod(t*3,3)))*t)*exp(-9*mod(t*3,1))')" \
  "${h264[@]}"

# A small ship and its shots between rocks, in large pixels.
ship_y="(34+16*sin(T*1.7))"
ship="lt(abs(Y-$ship_y),(X-10)*-0.5+7)*gt(X,10)*lt(X,26)"
flame="lt(abs(Y-$ship_y),3-(10-X)*0.5)*gt(X,4+3*mod(T*7,1))*lt(X,11)"
shot="lt(abs(Y-34-16*sin((T-mod(T*2,1)/2)*1.7)),1)*lt(abs(X-26-mod(T*2,1)*110),4)"
rock() { echo "lt(hypot(mod(X+T*$1+$2,150)-15,Y-$3),$4+sin(X+Y))"; }
rocks="($(rock 46 0 14 6)+$(rock 34 70 50 9)+$(rock 58 110 30 4)+$(rock 40 30 60 5))"
speck="gt($(hash 'floor(X+T*14)' 'floor(Y)'),0.985)"
field() { echo "if($ship,$1,if($flame,$2,if($shot,$3,if(gt($rocks,0),$4,if($speck,210,$5)))))"; }
make space-rocks.mov 2.3 \
  -f lavfi -i "$(paint 120x68 20 6 "$(field 120 255 255 '126-Y' 14)" "$(field 226 150 246 '108-Y' 10)" "$(field 232 40 120 '120-Y' 34)"),scale=480:272:flags=neighbor" \
  -f lavfi -i "$(tone 6 '0.1*(gt(mod(t*(880-500*mod(t*2,1)),1),0.5)-0.5)*exp(-6*mod(t*2,1))')" \
  "${h264[@]}" -crf 33

# Two containers that browsers do not play, or not all of them.
make fractal-carpet.avi 1 \
  -f lavfi -i "sierpinski=s=256x192:r=10:type=carpet:seed=3:jump=60,trim=duration=3,format=gbrp,lutrgb=r='30+val*0.8':g='40+val*0.5':b='90+val*0.2'" \
  -c:v mpeg4 -q:v 18 -an "${exact[@]}"
halo="(0.5+0.5*sin(hypot(X-W/2-60*sin(T),Y-H/2)/9)*cos(hypot(X-W/2+60*sin(T),Y-H/2)/9))"
make two-halos.mkv 1 \
  -f lavfi -i "$(paint 384x216 20 4 "34+190*$halo" "30+90*$halo" "70+110*(1-$halo)")" \
  -f lavfi -i "$(tone 4 '0.12*sin(2*PI*220*t)+0.12*sin(2*PI*223*t)')" \
  "${h264[@]}"

cd ../../..
npx tsx scripts/describe-clips.ts
