# Copyright (c) The terraform-provider-commvault authors
# SPDX-License-Identifier: MPL-2.0

# Judges the answer to a renewal. The input is the text of the answer, and curl's last line "STATUS SECONDS end": the seconds
# until the TLS connection stood. $pair is an array of the pair that was sent, at $sent_at. The output is a line: the verdict, the HTTP
# status and, if there is a new pair, the seconds that its access token lives, and the pair.

def whole: if type == "number" then floor elif type == "string" then ((tonumber? // 0) | floor) else 0 end;
def text: type == "string" and . != "";
# An answer that is cut off, or invalid JSON, may still hold both secrets.
def member($name): (capture("\"" + $name + "\"\\s*:\\s*\"(?<value>[^\"\\\\]+)\"").value)? // null;
def digits($name): (capture("\"" + $name + "\"\\s*:\\s*\"?(?<value>[0-9]{1,10})").value)? // null;
# The documented form of an error.
def problem: [., .error?] | map(objects | select((.errorCode | whole) != 0 and (.errorMessage | type) == "string")) | .[0];

$pair[0] as $sent
| rtrimstr("\n") | split("\n")
| ((.[-1] | capture("^(?<status>[0-9]{3}) (?<tls>[0-9.]+) end$"))? // null) as $curl
| (if $curl then .[:-1] else . end | join("\n")) as $body
| ((try ($body | fromjson) catch null) // null) as $answer
| (if ($answer | type) == "object" then $answer
   elif $answer == null then
     $body | {accessToken: member("accessToken"), refreshToken: member("refreshToken"),
       tokenExpiryTimestamp: digits("tokenExpiryTimestamp")}
   else {} end) as $new
| (if ($answer | type) == "object" then $answer | problem else null end) as $problem
| (($curl.status // "000") | tonumber) as $status
# A page that repeats the request holds the pair that was sent.
| if ($new.accessToken | text) and ($new.refreshToken | text) and $new.refreshToken != $sent.refresh_token then
    # The end is the server's, $sent_at this machine's. The shorter of two lives is right whichever clock is wrong.
    (($new.tokenExpiryTimestamp | whole) - $sent_at) as $life
    | (if $life > 0 and $sent.life > 0 then [$life, $sent.life] | min
       elif $life > 0 then $life
       elif $sent.life > 0 then $sent.life
       else 1800 end) as $life
    | "renewed \($status) \($life) \({
        access_token: $new.accessToken, refresh_token: $new.refreshToken, secret_version: $sent.secret_version,
        received_at: $sent_at, life: $life} | tojson)"
  elif $curl == null then "unknown \($status)"
  elif $status == 0 and ($curl.tls | tonumber) == 0 then "unsent \($status)"
  elif $problem and ([401, 403, 429, 503] | index($status) != null) then "refused \($status)"
  elif $problem and ($problem.errorMessage | contains("permissible time limit")) then "late \($status)"
  else "unknown \($status)" end
