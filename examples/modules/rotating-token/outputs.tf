output "access_token" {
  description = "The secret of the current token, as it was issued."
  value       = commvault_rotating_access_token.this.access_token
  sensitive   = true
}

output "refresh_token" {
  description = "The secret that renews it, once."
  value       = commvault_rotating_access_token.this.refresh_token
  sensitive   = true
}

output "secret_version" {
  description = "Grows whenever the secrets are new ones; for *_wo_version arguments."
  value       = commvault_rotating_access_token.this.secret_version
}

output "name" {
  description = "The name of the current token."
  value       = commvault_rotating_access_token.this.name
}

output "rotate_after" {
  description = "From when on a plan rotates the token."
  value       = commvault_rotating_access_token.this.rotate_after
}

output "previous_tokens" {
  description = "Tokens in their overlap, and when a run revokes each."
  value       = commvault_rotating_access_token.this.previous_tokens
}
