import {
  to = commvault_rotating_access_token.exporter
  id = "42"
}
