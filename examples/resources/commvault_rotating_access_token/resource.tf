# Terraform rotates the token; whoever uses it renews it.
resource "commvault_rotating_access_token" "pipeline" {
  name_prefix   = "pipeline-"
  lifetime_days = 90
  overlap_hours = 48
}

# Nobody else renews this one: Terraform does, whenever it runs.
resource "commvault_rotating_access_token" "nightly" {
  name_prefix   = "nightly-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]
  renew         = true
}

# A token that lives for weeks and cannot be renewed. Plans are empty between its rotations.
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
