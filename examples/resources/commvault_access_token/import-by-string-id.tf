import {
  to = commvault_access_token.pipeline
  id = "42"
}
