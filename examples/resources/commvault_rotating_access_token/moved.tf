# The slot keeps the token. The first apply only records the arguments.
moved {
  from = commvault_access_token.exporter
  to   = commvault_rotating_access_token.exporter
}
