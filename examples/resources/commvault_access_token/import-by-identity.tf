import {
  to = commvault_access_token.exporter
  identity = {
    id      = "42"
    user_id = 7
  }
}
