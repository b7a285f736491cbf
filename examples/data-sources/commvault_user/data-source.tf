# A service account, whose token the provider's user manages.
data "commvault_user" "backup" {
  name = "backup-service"
}

resource "commvault_access_token" "backup" {
  name_prefix = "backup-"
  user_id     = data.commvault_user.backup.id
}

# A user of a domain: HCL writes the backslash twice.
data "commvault_user" "alice" {
  name = "CORP\\alice"
}
