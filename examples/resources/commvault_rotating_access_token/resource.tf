# Terraform rotates the token. Its consumer renews it.
resource "commvault_rotating_access_token" "exporter" {
  name_prefix   = "exporter-"
  lifetime_days = 90
  overlap_hours = 48
}

# Terraform alone renews this token. It has to run every 5 minutes.
resource "commvault_rotating_access_token" "dashboard" {
  name_prefix   = "dashboard-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]

  renew                = true
  renew_before_minutes = 15
}

# A token that lives for weeks and is not renewed. Plans are empty between its rotations.
resource "commvault_rotating_access_token" "scim" {
  name_prefix        = "azure-scim-"
  type               = "MS_SCIM"
  lifetime_days      = 60
  rotate_before_days = 20
}

# The exporter needs both secrets, because it renews. The dashboard reads the access token after each run.
output "exporter_pair" {
  sensitive = true
  value = {
    access_token  = commvault_rotating_access_token.exporter.access_token
    refresh_token = commvault_rotating_access_token.exporter.refresh_token
  }
}

output "dashboard_token" {
  value     = commvault_rotating_access_token.dashboard.access_token
  sensitive = true
}
