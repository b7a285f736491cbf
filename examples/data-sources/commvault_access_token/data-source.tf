# By its name, of the provider's own user.
data "commvault_access_token" "pipeline" {
  name = "pipeline"
}

# By its id.
data "commvault_access_token" "by_id" {
  id = "42"
}

output "pipeline_ends_at" {
  value = data.commvault_access_token.pipeline.ends_at
}
