terraform {
  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# The address and the credentials come from the environment: COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD.
provider "commvault" {}

resource "commvault_access_token" "first" {
  name = "first"
}

# terraform output -raw access_token
output "access_token" {
  description = "The secret, to send in the header Authtoken."
  value       = commvault_access_token.first.access_token
  sensitive   = true
}
