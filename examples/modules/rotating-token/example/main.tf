terraform {
  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

# The service reads the pair once, and renews it.
module "backup_reports" {
  source = "../"

  name          = "backup-reports"
  api_endpoints = ["/v4/servers", "/Job"]
  allowed_ips   = ["10.20.0.0/16"]
}

# Terraform renews this token. It has to run every 5 minutes.
module "dashboard" {
  source = "../"

  name                 = "dashboard"
  api_endpoints        = ["/Job"]
  renew                = true
  renew_before_minutes = 15
}

module "on_call" {
  source = "../"

  name          = "on-call"
  type          = "ALL"
  lifetime_days = 14
  overlap_hours = 4
}

output "pairs" {
  description = "The pairs of secrets, for the first start of the consumers that renew them."
  sensitive   = true
  value = {
    backup_reports = { access_token = module.backup_reports.access_token, refresh_token = module.backup_reports.refresh_token }
    on_call        = { access_token = module.on_call.access_token, refresh_token = module.on_call.refresh_token }
  }
}

output "dashboard" {
  description = "The access token of the dashboard. The dashboard reads it after each run."
  value       = module.dashboard.access_token
  sensitive   = true
}

output "rotate_after" {
  value = {
    backup_reports = module.backup_reports.rotate_after
    dashboard      = module.dashboard.rotate_after
    on_call        = module.on_call.rotate_after
  }
}
