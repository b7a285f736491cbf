# Terraform rotates the token. Its consumer renews it.
resource "commvault_rotating_access_token" "pipeline" {
  name_prefix   = "pipeline-"
  lifetime_days = 90
  overlap_hours = 48
}

# Terraform alone renews this token. It has to run while the access token is near its expiry.
resource "commvault_rotating_access_token" "nightly" {
  name_prefix   = "nightly-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]
  renew         = true
}

# A token that lives for weeks and is not renewed. Plans are empty between its rotations.
resource "commvault_rotating_access_token" "scim" {
  name_prefix        = "azure-scim-"
  type               = "MS_SCIM"
  lifetime_days      = 60
  rotate_before_days = 20
}

output "pipeline_token" {
  value     = commvault_rotating_access_token.pipeline.access_token
  sensitive = true
}
