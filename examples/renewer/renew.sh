#!/bin/sh
# Copyright (c) The terraform-provider-commvault authors
# SPDX-License-Identifier: MPL-2.0

# renew.sh [--force] renews the pair of one access token of Command Center when it is due, and gives the new access token to
# a service. A timer runs it every few minutes. README.md describes its files, variables and exit codes.
set -eu
umask 077
export LC_ALL=C

stop() {
  code=$1
  shift
  printf '%s\n' "$*" >&2
  exit "$code"
}

missing=
for tool in cat curl date flock head jq mv rm sha256sum sleep sync tr; do
  command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -z "$missing" ] || stop 1 "These programs are missing:$missing"

force=
case ${1-} in
  '') ;;
  --force) force=yes ;;
  *) stop 1 'Usage: renew.sh [--force]' ;;
esac
work=${RENEWER_DIR:-/var/lib/commvault-token}
answer=$work/answer
issued=${RENEWER_ISSUED:-}
percent=${RENEWER_PERCENT:-50}
timeout=${RENEWER_TIMEOUT:-60}
case $percent$timeout in
  *[!0-9]*) stop 1 'RENEWER_PERCENT and RENEWER_TIMEOUT must be whole numbers.' ;;
esac
case ${COMMVAULT_HOST-} in
  '') stop 1 'COMMVAULT_HOST is not set.' ;;
  https://*) host=${COMMVAULT_HOST#https://} ;;
  *://*) stop 1 'COMMVAULT_HOST must begin with https://, or be a name.' ;;
  *) host=$COMMVAULT_HOST ;;
esac
host=${host%/}
case $host in
  */*) ;;
  *) host=$host/commandcenter/api ;;
esac
case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
store=${RENEWER_STORE:-file}
[ -r "$here/store-$store.sh" ] || stop 1 "There is no store named $store: $here/store-$store.sh cannot be read."

# A store has store_read, which sets $marker and leaves the pair in $work/pair.json; store_mark and store_unmark, which write
# down that the pair is sent; and store_pair, which replaces the pair and removes the mark. What they write survives a crash.
# shellcheck source=/dev/null
. "$here/store-$store.sh"

# load reads the numbers of the pair: its version, when it came, and how many seconds its access token lives.
load() {
  version=0 received=0 life=0
  [ -s "$work/pair.json" ] || return 0
  # shellcheck disable=SC2046 # three numbers
  set -- $(jq -r '"\(.secret_version) \(.received_at) \(.life)"' "$work/pair.json")
  version=$1 received=$2 life=$3
}

# The mark names a pair by its fingerprint.
fingerprint() {
  digest=$(jq -j .refresh_token "$work/pair.json" | sha256sum)
  printf '%s' "${digest%% *}"
}

# A pair that Terraform issued is taken over only if it is newer: once it is renewed, the one in Terraform's state is an old pair.
take_issued() {
  [ -n "$issued" ] || return 0
  if ! new=$(jq -c --argjson held "$version" '
    if all(.access_token, .refresh_token; type == "string" and . != "") and (.secret_version | type) == "number" then
      select(.secret_version > $held)
      | {access_token, refresh_token, secret_version, received_at: 0, life: 0}
    else error end' "$issued" 2>/dev/null); then
    printf '%s\n' "$issued is no JSON object with access_token, refresh_token and secret_version." >&2
    return 0
  fi
  [ -n "$new" ] || return 0
  store_pair "$new" || stop 10 'The issued pair cannot be stored: nothing was sent.'
  marker=
  load
  printf '%s\n' 'Took over the issued pair.'
}

due() {
  left=$((received + life - $(date +%s)))
  # More left than there ever was: the clock was set back.
  if [ -z "$force" ] && [ $((left * 100)) -ge $((life * percent)) ] && [ "$left" -le "$life" ]; then
    printf '%s\n' "Not due: $left of $life seconds are left."
    return 1
  fi
}

# The secrets reach curl on its standard input. The address comes last, so that half of them cannot be sent.
request() {
  jq -r --arg url "https://$host/V4/AccessToken/Renew" '
    "header = \("Authorization: Bearer \(.access_token)" | tojson)",
    "header = \("Authtoken: \(.access_token)" | tojson)",
    "header = \"Content-Type: application/json\"",
    "header = \"Accept: application/json\"",
    "data-raw = \({accessToken: .access_token, refreshToken: .refresh_token} | tojson | tojson)",
    "url = \($url | tojson)"' "$work/pair.json"
}

send() {
  # The space for the answer is taken first, and curl writes into it: a disk that is full is found before the pair is sent.
  if ! { head -c 65536 /dev/zero >"$answer" && sync "$answer"; }; then
    rm -f "$answer"
    stop 10 "There is no space for an answer in $work: nothing was sent."
  fi
  # From here on, this shell and curl ignore what would stop them: a service manager waits for the answer.
  trap '' HUP INT TERM
  marker="$(fingerprint) $(date +%s) ${HOSTNAME-}"
  if ! store_mark "$marker"; then
    store_unmark || :
    stop 10 'The store cannot save the mark: nothing was sent.'
  fi
  code=0
  # -q: no .curlrc may add a retry or a redirect. HTTP/1.1: with HTTP/2, curl sends refused streams again by itself.
  request | curl -q --config - --silent --show-error --no-buffer --http1.1 --proto =https \
    --connect-timeout 15 --max-time "$timeout" --user-agent commvault-token-renewer \
    ${COMMVAULT_CA_CERTIFICATE:+--cacert "$COMMVAULT_CA_CERTIFICATE"} \
    --write-out '\n%{http_code} %{time_appconnect} end\n' 1<>"$answer" || code=$?
  sync "$answer"
  case $code in
    1 | 2 | 3 | 4 | 126 | 127) printf '\n000 0 end\n' >"$answer" ;; # curl did not understand what it was asked for
  esac
}

# settle does what the answer asks for. It returns if the pair is unspent.
settle() {
  sent_at=${marker#* }
  result=$(tr -d '\000' <"$answer" |
    jq -Rrs --slurpfile pair "$work/pair.json" --argjson sent_at "${sent_at%% *}" -f "$here/answer.jq")
  verdict=${result%% *} result=${result#* }
  status=${result%% *} result=${result#* }
  case $verdict in
    renewed)
      seconds=${result%% *}
      store_pair "${result#* }" || stop 13 "Renewed, but the new pair cannot be stored: it is in $answer. The next run stores it."
      rm -f "$answer"
      printf '%s\n' "Renewed: the new access token lives $seconds seconds."
      exit 0
      ;;
    unsent | refused)
      store_unmark || stop 10 'The pair is unspent, but the mark cannot be removed from the store.'
      rm -f "$answer"
      ;;
    late) stop 21 'Too late: Command Center no longer renews this pair. Issue a new token with Terraform.' ;;
    *) lost "HTTP $status" ;;
  esac
}

lost() {
  stop 20 "It is unknown whether Command Center renewed the pair ($1). The pair is not sent again." \
    'Issue a new token with Terraform before the access token expires.'
}

[ -d "$work" ] && [ -w "$work" ] || stop 1 "$work is not a directory that this user can write to."
exec 9>"$work/lock"
# curl inherits the lock: if this shell alone is killed, the next run waits until the answer is there.
flock -w "$((timeout + 30))" 9 || stop 10 'Another renewer is running: nothing was sent.'

store_read
load
take_issued
[ -s "$work/pair.json" ] || stop 12 'There is no pair: set RENEWER_ISSUED to the path of the pair that Terraform issued.'
if [ -n "$marker" ] && [ "${marker%% *}" != "$(fingerprint)" ]; then
  store_unmark || stop 10 'An old mark cannot be removed from the store: nothing was sent.' # the new pair was stored
  marker=
fi
if [ -z "$marker" ]; then
  rm -f "$answer"
elif [ -s "$answer" ]; then
  settle
else
  lost 'no answer'
fi
due || exit 0
send
settle
case $verdict in
  unsent) stop 10 "Command Center cannot be reached (curl: exit $code): nothing was sent." ;;
  refused) stop 11 "Command Center refuses the renewal for now (HTTP $status). The pair is still valid." ;;
esac
