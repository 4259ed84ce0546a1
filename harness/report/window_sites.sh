#!/bin/sh
# Writes window_sites.cc: one entry per race_window() in the given sources.
# usage: window_sites.sh OUTPUT SOURCE...
set -eu
output=$1
shift
{
  echo '#include "harness/report/window_sites.h"'
  echo 'namespace jitterbug {'
  echo 'namespace {'
  echo 'constexpr WindowSite sites[] = {'
  # Sources under the build's output tree keep the path they have in the repository.
  grep -HnoE 'race_window\((rt::)?Window::[a-z0-9_]+' "$@" |
    grep -v 'runtime/os/' |
    sed -E 's#^(.*/)?(runtime/[^:]*):([0-9]+):.*Window::([a-z0-9_]+)$#\2 \3 \4#' |
    LC_ALL=C sort -k1,1 -k2,2n |
    while read -r file line window; do
      echo "    {rt::Window::$window, \"$file:$line\"},"
    done
  # Keeps the array valid for a source without windows.
  echo '    {rt::Window::count, ""},'
  echo '};'
  echo '}  // namespace'
  echo 'std::span<const WindowSite> window_sites() { return std::span(sites).first(std::size(sites) - 1); }'
  echo '}  // namespace jitterbug'
} >"$output"
