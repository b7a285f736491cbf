terraform {
  required_version = ">= 1.5"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }

  # The state belongs to one build. The Jenkinsfile keeps it on the build's own disk, and deletes it at the end.
  backend "local" {}
}

# The Jenkinsfile sets COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD.
provider "commvault" {}

resource "commvault_rotating_access_token" "job" {
  name_prefix   = "nightly-report-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers", "/Job"]

  # An access token lives 30 minutes in most releases. An apply renews it once 15 minutes or less are left.
  renew                = true
  renew_before_minutes = 15

  # The last step revokes the token. If that step cannot run, the token ends after a day.
  lifetime_days = 1
  overlap_hours = 1
}

output "access_token" {
  value     = commvault_rotating_access_token.job.access_token
  sensitive = true
}
