terraform {
  required_version = ">= 1.11" # write-only arguments

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
    vault = {
      source  = "hashicorp/vault"
      version = "~> 5.0"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

# So do VAULT_ADDR and VAULT_TOKEN.
provider "vault" {}

variable "api_endpoints" {
  description = "The paths below which the token may call."
  type        = set(string)
  default     = ["/Job"]
}

variable "rotation" {
  description = "Any text. Another text rotates the token in the next apply."
  type        = string
  default     = "first"
}

resource "commvault_rotating_access_token" "reports" {
  name_prefix   = "reports-"
  type          = "CUSTOM"
  api_endpoints = var.api_endpoints

  # The renewer beside the store renews. A second party that renews would end the token.
  renew = false

  lifetime_days      = 90
  rotate_before_days = 14
  overlap_hours      = 48

  rotate_when_changed = {
    rotation = var.rotation
  }
}

resource "vault_kv_secret_v2" "reports" {
  mount = "services"
  name  = "commvault/reports"

  # Terraform writes and does not read. The pair that the renewer writes back stays out of the state, and an entry that
  # somebody deletes is not filled again with a pair that is spent.
  disable_read = true

  data_json_wo = jsonencode({
    access_token   = commvault_rotating_access_token.reports.access_token
    refresh_token  = commvault_rotating_access_token.reports.refresh_token
    expires_at     = commvault_rotating_access_token.reports.expires_at
    secret_version = commvault_rotating_access_token.reports.secret_version
  })
  data_json_wo_version = commvault_rotating_access_token.reports.secret_version
}
