# Copyright (c) The terraform-provider-commvault authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=sh

# The store of a service on this machine: pair.json, access_token and sent in $work.

# replace FILE TEXT makes TEXT the content of FILE, entirely or not at all.
replace() {
  printf '%s' "$2" >"$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "$work"
}

store_read() {
  marker=
  [ ! -s "$work/sent" ] || marker=$(cat "$work/sent")
  # A run that was killed may have stored the pair, and not the access token.
  [ ! -s "$work/pair.json" ] || deliver || stop 10 'The access token cannot be written: nothing was sent.'
}

deliver() {
  token=$(jq -r .access_token "$work/pair.json")
  if [ ! -f "$work/access_token" ] || [ "$token" != "$(cat "$work/access_token")" ]; then
    replace "$work/access_token" "$token"
  fi
}

store_mark() { replace "$work/sent" "$1"; }

store_unmark() { rm -f "$work/sent" && sync "$work"; }

store_pair() { replace "$work/pair.json" "$1" && deliver && store_unmark; }
