#!/bin/sh
# build.sh linux|windows DIRECTORY: compiles the simulators, as shared libraries or, by mingw-w64, as DLLs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$2
mkdir -p "$out"
flags="-O1 -g -Wall -Wextra -Werror -Wno-unknown-pragmas"
case $1 in
linux)
    cc="gcc $flags -fPIC -shared -fvisibility=hidden"
    # the handles are those of one library, whichever simulators are loaded
    $cc -o "$out/libsimwin32.so" "$here/simwin32.c" "$here/simwinsock.c" "$here/simrio.c" -lpthread
    link="-L$out -lsimwin32 -lpthread -Wl,-rpath,\$ORIGIN"
    $cc -o "$out/libsimioring.so" "$here/simioring.c" $link
    $cc -DSIM_FLATTENED -o "$out/libsimioring-flattened.so" "$here/simioring.c" $link
    ;;
windows)
    cc="x86_64-w64-mingw32-gcc $flags -shared -static-libgcc"
    $cc -o "$out/simioring.dll" "$here/simioring.c"
    $cc -DSIM_FLATTENED -o "$out/simioring-flattened.dll" "$here/simioring.c"
    $cc -o "$out/simrio.dll" "$here/simrio.c" "$here/simrio.def" -lws2_32 -static -lpthread
    ;;
*)
    echo "build.sh linux|windows DIRECTORY" >&2
    exit 2
    ;;
esac
