# A token for all calls, renewable for 90 days by its consumer.
resource "commvault_access_token" "exporter" {
  name = "exporter"
}

# A token that is limited to the calls and the addresses of its consumer.
resource "commvault_access_token" "inventory" {
  name_prefix   = "inventory-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers", "/Client"]
  allowed_ips   = ["10.20.0.0/16"]

  renewable_until = "2027-06-30T22:00:00Z"

  # A new value replaces the token. The new token is created before the old one is revoked.
  rotate_when_changed = {
    quarter = "2027-Q1"
  }
  lifecycle {
    create_before_destroy = true
  }
}

# A token for Azure SCIM. It cannot be renewed, and ends at its expiry.
resource "commvault_access_token" "scim" {
  name         = "azure-scim"
  type         = "MS_SCIM"
  token_expiry = "2027-03-31T00:00:00Z"
}

# The exporter needs both secrets, because it renews.
output "exporter_pair" {
  sensitive = true
  value = {
    access_token  = commvault_access_token.exporter.access_token
    refresh_token = commvault_access_token.exporter.refresh_token
  }
}
