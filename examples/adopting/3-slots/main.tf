terraform {
  required_version = ">= 1.8" # moved blocks between resource types; OpenTofu 1.10

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.
provider "commvault" {}

variable "tokens" {
  description = "The adopted tokens, by name. Step 1 wrote them to tokens.auto.tfvars.json."
  type = map(object({
    id            = string
    type          = string
    api_endpoints = optional(set(string))
    allowed_ips   = optional(set(string))
  }))
}

locals {
  # The important tokens. Each of them also needs a moved block.
  slots = toset(["azure-scim", "backup-nightly", "reports"])
}

# These stay as they are.
resource "commvault_access_token" "adopted" {
  for_each = { for name, token in var.tokens : name => token if !contains(local.slots, name) }

  name          = each.key
  type          = each.value.type
  api_endpoints = each.value.api_endpoints
  allowed_ips   = each.value.allowed_ips
}

moved {
  from = commvault_access_token.adopted["azure-scim"]
  to   = commvault_rotating_access_token.slot["azure-scim"]
}

moved {
  from = commvault_access_token.adopted["backup-nightly"]
  to   = commvault_rotating_access_token.slot["backup-nightly"]
}

moved {
  from = commvault_access_token.adopted["reports"]
  to   = commvault_rotating_access_token.slot["reports"]
}

# The first apply issues a new token for each slot, because nobody knows the secrets of the old one. The old token works for
# overlap_hours more.
resource "commvault_rotating_access_token" "slot" {
  for_each = local.slots

  name_prefix   = "${each.key}-"
  type          = var.tokens[each.key].type
  api_endpoints = var.tokens[each.key].api_endpoints
  allowed_ips   = var.tokens[each.key].allowed_ips
  overlap_hours = 24
}

output "slots" {
  description = "The new secrets, for the consumers of the slots."
  sensitive   = true
  value = {
    for name, slot in commvault_rotating_access_token.slot : name => {
      access_token  = slot.access_token
      refresh_token = slot.refresh_token
    }
  }
}
