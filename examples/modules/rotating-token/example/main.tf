terraform {
  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

module "backup_reports" {
  source = "../"

  name          = "backup-reports"
  api_endpoints = ["/v4/servers", "/Job"]
  allowed_ips   = ["10.20.0.0/16"]
}

module "on_call" {
  source = "../"

  name             = "on-call"
  allow_every_call = true
  lifetime_days    = 14
  overlap_hours    = 4
}

output "tokens" {
  description = "The pairs of secrets, for a first start of whoever uses them."
  sensitive   = true
  value = {
    backup_reports = { access_token = module.backup_reports.access_token, refresh_token = module.backup_reports.refresh_token }
    on_call        = { access_token = module.on_call.access_token, refresh_token = module.on_call.refresh_token }
  }
}

output "rotate_after" {
  value = {
    backup_reports = module.backup_reports.rotate_after
    on_call        = module.on_call.rotate_after
  }
}
