#!/bin/sh
# Call the API from a shell. Sign in once, then call as often as you like:
#
#     sh with_curl.sh sign-in < credentials.json     {"username": "alice", "password": "…"}
#     sh with_curl.sh get /auth/me
#     sh with_curl.sh sign-out
set -eu
umask 077 # the files below are as good as the password

api=${API:-http://127.0.0.1:5000}
jar=${JAR:-$HOME/.cache/renewal-jar}

call() { curl --silent --show-error --fail --cookie "$jar" --cookie-jar "$jar" "$@"; }
keep_token() { sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p' > "$jar.token"; }
refresh() { call --request POST "$api/auth/refresh" | keep_token; }
get() { # the token goes in by a file, not by an argument that other users can list
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$jar.token")" | call --config - "$api$1"
}

case $1 in
    sign-in) call --json @- "$api/auth/login" | keep_token ;;
    get) get "$2" 2>/dev/null || { refresh && get "$2"; } ;;
    sign-out) call --request POST "$api/auth/logout" && rm -f "$jar" "$jar.token" ;;
esac
