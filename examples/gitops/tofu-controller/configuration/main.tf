terraform {
  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the Secret commvault-login.
provider "commvault" {}

variable "api_endpoints" {
  description = "The paths below which the token may call."
  type        = set(string)
}

resource "commvault_rotating_access_token" "backups" {
  name_prefix   = "backups-"
  type          = "CUSTOM"
  api_endpoints = var.api_endpoints

  # An access token lives 30 minutes. The controller alone renews it: with each run from its half-life on.
  renew                = true
  renew_before_minutes = 15

  lifetime_days      = 90
  rotate_before_days = 14
  overlap_hours      = 48
}

# Written into the Secret commvault-backups-token. The refresh token stays in the state: a second party that renews ends the token.
output "access_token" {
  value     = commvault_rotating_access_token.backups.access_token
  sensitive = true
}
