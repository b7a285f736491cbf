import {
  to = commvault_access_token.pipeline
  identity = {
    id      = "42"
    user_id = 7
  }
}
