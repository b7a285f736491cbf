terraform {
  required_version = ">= 1.7" # import blocks with for_each

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

variable "tokens" {
  description = "The tokens to adopt, by name. Step 1 writes them to tokens.auto.tfvars.json."
  type = map(object({
    id            = string
    type          = string
    api_endpoints = optional(set(string))
    allowed_ips   = optional(set(string))
  }))
}

import {
  for_each = var.tokens
  to       = commvault_access_token.adopted[each.key]
  id       = each.value.id
}

resource "commvault_access_token" "adopted" {
  for_each = var.tokens

  name          = each.key
  type          = each.value.type
  api_endpoints = each.value.api_endpoints
  allowed_ips   = each.value.allowed_ips
}
