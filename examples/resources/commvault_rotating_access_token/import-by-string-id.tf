import {
  to = commvault_rotating_access_token.pipeline
  id = "42"
}
