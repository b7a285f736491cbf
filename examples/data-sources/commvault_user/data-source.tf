# A service account. The provider's user manages its token.
data "commvault_user" "backup" {
  name = "backup-service"
}

resource "commvault_access_token" "backup" {
  name_prefix = "backup-"
  user_id     = data.commvault_user.backup.id
}

# A domain user. In HCL, the backslash is escaped.
data "commvault_user" "alice" {
  name = "CORP\\alice"
}
