terraform {
  required_version = ">= 1.5"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }

  # The state holds the secrets. GitLab keeps it, encrypted and locked; the pipeline's variables TF_HTTP_* say where.
  backend "http" {}
}

# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the pipeline.
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
#   resource "vault_kv_secret_v2" "backups" {
#     mount                = "pipelines"
#     name                 = "commvault-backups"
#     data_json_wo         = jsonencode({ access_token = commvault_rotating_access_token.backups.access_token })
#     data_json_wo_version = commvault_rotating_access_token.backups.secret_version
#   }
