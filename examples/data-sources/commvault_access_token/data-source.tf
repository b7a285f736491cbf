# Look up a token of the provider's own user by name.
data "commvault_access_token" "pipeline" {
  name = "pipeline"
}

# Look up a token by id.
data "commvault_access_token" "by_id" {
  id = "42"
}

output "pipeline_ends_at" {
  value = data.commvault_access_token.pipeline.ends_at
}
