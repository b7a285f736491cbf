output "access_token" {
  description = "The secret of the current token. With renew = true it is the renewed one, else the one of the last rotation."
  value       = commvault_rotating_access_token.this.access_token
  sensitive   = true
}

output "refresh_token" {
  description = "The secret that renews the token, once. Null with renew = true: a second party that renews would end the token."
  value       = var.renew ? null : commvault_rotating_access_token.this.refresh_token
  sensitive   = true
}

output "secret_version" {
  description = "Grows whenever the secrets change; for *_wo_version arguments."
  value       = commvault_rotating_access_token.this.secret_version
}

output "name" {
  description = "The name of the current token."
  value       = commvault_rotating_access_token.this.name
}

output "rotate_after" {
  description = "When rotation falls due."
  value       = commvault_rotating_access_token.this.rotate_after
}

output "previous_tokens" {
  description = "The tokens in their overlap, and when each falls due for revocation."
  value       = commvault_rotating_access_token.this.previous_tokens
}
