terraform {
  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

data "commvault_access_tokens" "existing" {}

# terraform output -raw tokens >tokens.auto.tfvars.json
output "tokens" {
  description = "What the next step needs to know of each token, by name."
  value = jsonencode({
    tokens = {
      for token in data.commvault_access_tokens.existing.tokens : token.name => {
        id            = token.id
        type          = token.type
        api_endpoints = token.type == "CUSTOM" ? token.api_endpoints : null
        allowed_ips   = try(length(token.allowed_ips), 0) > 0 ? token.allowed_ips : null
      }
    }
  })
}
