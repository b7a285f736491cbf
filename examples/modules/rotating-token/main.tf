resource "commvault_rotating_access_token" "this" {
  name_prefix   = "${var.name}-"
  type          = var.allow_every_call ? "ALL" : "CUSTOM"
  api_endpoints = var.allow_every_call ? null : var.api_endpoints
  allowed_ips   = var.allowed_ips
  user_id       = var.user_id

  lifetime_days = var.lifetime_days
  overlap_hours = var.overlap_hours

  # Whoever uses the token renews it: a pair of secrets may be used for that once, so there must be one such party only.
  renew = false

  lifecycle {
    precondition {
      condition     = var.allow_every_call != (length(var.api_endpoints) > 0)
      error_message = "Say what the token may do: either api_endpoints, or allow_every_call = true."
    }
  }
}
