terraform {
  required_version = ">= 1.5"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }

  # The state holds the secrets. Here it is in a storage account that locks and encrypts it, and that the workflow opens
  # with the identity of its run: no key of it is kept anywhere.
  backend "azurerm" {
    storage_account_name = "tokenstate"
    container_name       = "commvault"
    key                  = "tokens.tfstate"
    use_oidc             = true
    use_azuread_auth     = true
  }
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the workflow.
provider "commvault" {}

resource "commvault_rotating_access_token" "backups" {
  name_prefix   = "backups-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]

  lifetime_days      = 90
  rotate_before_days = 14
  overlap_hours      = 48
}

# Hand the secrets to a secret store here, with a write-only argument (Terraform 1.11), such as:
#
#   resource "azurerm_key_vault_secret" "backups" {
#     name             = "commvault-backups"
#     key_vault_id     = var.key_vault_id
#     value_wo         = commvault_rotating_access_token.backups.access_token
#     value_wo_version = commvault_rotating_access_token.backups.secret_version
#   }
