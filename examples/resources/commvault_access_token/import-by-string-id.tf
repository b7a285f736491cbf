import {
  to = commvault_access_token.exporter
  id = "42"
}
