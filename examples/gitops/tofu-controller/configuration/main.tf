terraform {
  required_providers {
    commvault = {
      source  = "commvault-tokens/commvault"
      version = "~> 0.1.0"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the Secret commvault-login.
provider "commvault" {}

variable "api_endpoints" {
  description = "The paths that the token may call, with everything below them."
  type        = set(string)
}

resource "commvault_rotating_access_token" "backups" {
  name_prefix   = "backups-"
  type          = "CUSTOM"
  api_endpoints = var.api_endpoints

  # An access token lives 30 minutes. Only the controller renews it, in each run during the second half of its life.
  renew                = true
  renew_before_minutes = 15

  lifetime_days      = 90
  rotate_before_days = 14
  overlap_hours      = 48
}

# The controller writes this output into the Secret commvault-backups-token. The refresh token stays in the state, because a second
# party that renews would end the token.
output "access_token" {
  value     = commvault_rotating_access_token.backups.access_token
  sensitive = true
}
