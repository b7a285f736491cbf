# Copyright (c) The terraform-provider-commvault authors
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=sh

# The store of services in Kubernetes: one Secret, which is written with the resourceVersion that was read. It holds
# pair.json and access_token; the mark is an annotation. $work is a volume of the pod: it survives a container that is killed.

account=${RENEWER_ACCOUNT:-/var/run/secrets/kubernetes.io/serviceaccount}
[ -n "${RENEWER_SECRET-}" ] || stop 1 'RENEWER_SECRET is not set.'
[ -r "$account/token" ] || stop 1 "There is no service account token in $account."
secret=${KUBERNETES_API:-https://kubernetes.default.svc}/api/v1/namespaces/$(cat "$account/namespace")/secrets/$RENEWER_SECRET

# kube METHOD [FILE] calls the API, and leaves the HTTP status in $kube and the answer in $work/secret.answer.
kube() {
  kube=$({
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$account/token")"
    [ -z "${2-}" ] || printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$2"
    printf 'url = "%s"\n' "$secret"
  } | curl -q --config - --silent --show-error --proto =https --connect-timeout 10 --max-time 30 \
    --cacert "$account/ca.crt" --request "$1" --output "$work/secret.answer" --write-out '%{http_code}') || kube=000
  [ "$kube" = 200 ]
}

reread() { kube GET && mv -f "$work/secret.answer" "$work/secret.json"; }

sent() { jq -r '.metadata.annotations["commvault-token-renewer/sent"] // ""' "$work/secret.json"; }

stored() { jq -j '.data["pair.json"] // "" | @base64d' "$work/secret.json"; }

# change [OPTION]... PROGRAM writes what a jq program makes of the Secret. It fails if somebody else has written it.
change() {
  jq -c "$@" "$work/secret.json" >"$work/secret.new" && kube PUT "$work/secret.new" &&
    mv -f "$work/secret.answer" "$work/secret.json"
}

# persist [OPTION]... PROGRAM tries for two minutes, until the change is made or the Secret is no longer what this run has read:
# an earlier attempt has changed it, or somebody else.
persist() {
  for pause in 1 2 4 8 16 30 30 30; do
    change "$@" && return
    sleep "$pause"
    ! reread || { [ "$(sent)" = "$marker" ] && [ "$(stored)" = "$(cat "$work/pair.json")" ]; } || return 0
  done
  return 1
}

store_read() {
  reread || case $kube in
    401 | 403 | 404) stop 1 "The Secret $RENEWER_SECRET cannot be read (HTTP $kube): see Role and RoleBinding." ;;
    *) stop 10 "The API of Kubernetes does not answer (HTTP $kube): nothing was sent." ;;
  esac
  marker=$(sent)
  stored >"$work/pair.json"
  # A mark that is young, and not of this pod: another one may still wait for its answer.
  if [ -n "$marker" ] && [ ! -s "$answer" ]; then
    # shellcheck disable=SC2086 # a fingerprint, a time and a name
    set -- $marker
    [ $(($(date +%s) - $2)) -gt $((2 * timeout)) ] || stop 10 'Another renewer is running: nothing was sent.'
  fi
}

# shellcheck disable=SC2016 # the variables are those of jq
store_mark() {
  change --arg mark "$1" '.metadata.annotations["commvault-token-renewer/sent"] = $mark' && return
  # The answer may be lost, and the mark there.
  [ "$kube" != 409 ] && sleep 2 && reread && [ "$(sent)" = "$1" ]
}

store_unmark() { persist 'del(.metadata.annotations["commvault-token-renewer/sent"])'; }

# shellcheck disable=SC2016 # the variables are those of jq
store_pair() {
  printf '%s' "$1" >"$work/pair.new"
  persist --rawfile pair "$work/pair.new" 'del(.metadata.annotations["commvault-token-renewer/sent"])
    | .data["pair.json"] = ($pair | @base64) | .data.access_token = ($pair | fromjson | .access_token | @base64)' || return
  [ "$(stored)" = "$1" ] && mv -f "$work/pair.new" "$work/pair.json"
}
