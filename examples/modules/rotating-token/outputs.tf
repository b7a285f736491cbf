output "access_token" {
  description = "The access token of the slot. With renew = true, the renewed one, otherwise the one from the last rotation."
  value       = commvault_rotating_access_token.this.access_token
  sensitive   = true
}

output "refresh_token" {
  description = "The secret that renews the token. It can be used once. Null with renew = true, because a second party that renews would end the token."
  value       = var.renew ? null : commvault_rotating_access_token.this.refresh_token
  sensitive   = true
}

output "secret_version" {
  description = "A number that grows whenever the secrets change, for *_wo_version arguments."
  value       = commvault_rotating_access_token.this.secret_version
}

output "name" {
  description = "The name of the current token."
  value       = commvault_rotating_access_token.this.name
}

output "rotate_after" {
  description = "The time at which rotation is due."
  value       = commvault_rotating_access_token.this.rotate_after
}

output "previous_tokens" {
  description = "The tokens in their overlap, each with the time at which its revocation is due."
  value       = commvault_rotating_access_token.this.previous_tokens
}
