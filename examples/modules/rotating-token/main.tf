resource "commvault_rotating_access_token" "this" {
  name_prefix   = "${var.name}-"
  type          = var.type
  api_endpoints = var.type == "CUSTOM" ? var.api_endpoints : null
  allowed_ips   = var.allowed_ips
  user_id       = var.user_id

  lifetime_days      = var.lifetime_days
  rotate_before_days = var.rotate_before_days
  overlap_hours      = var.overlap_hours

  # Exactly one party may renew: the consumer of the token, or Terraform.
  renew                = var.renew
  renew_before_minutes = var.renew_before_minutes

  lifecycle {
    precondition {
      condition     = (var.type == "CUSTOM") == (length(var.api_endpoints) > 0)
      error_message = "Say what the token may do: set api_endpoints with the type CUSTOM, or another type without api_endpoints."
    }
  }
}
