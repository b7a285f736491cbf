terraform {
  required_version = ">= 1.5"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

provider "commvault" {}

variable "generation" {
  type        = number
  default     = 1
  description = "A new number issues a new token: after a renewal whose outcome nobody knows, for example."
}

# Terraform issues and rotates this token. The renewer alone renews it.
resource "commvault_rotating_access_token" "exporter" {
  name_prefix   = "exporter-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]

  renew               = false
  rotate_when_changed = { generation = var.generation }
}

# The expiry is not an output: each renewal changes it, and each plan would show that.
output "issued_pair" {
  sensitive = true
  value = jsonencode({
    access_token   = commvault_rotating_access_token.exporter.access_token
    refresh_token  = commvault_rotating_access_token.exporter.refresh_token
    secret_version = commvault_rotating_access_token.exporter.secret_version
  })
}
