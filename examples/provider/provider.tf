terraform {
  required_providers {
    commvault = {
      source  = "commvault-tokens/commvault"
      version = "~> 0.1.0"
    }
  }
}

# The credentials come from the environment: COMMVAULT_USERNAME and COMMVAULT_PASSWORD, or COMMVAULT_AUTHTOKEN.
provider "commvault" {
  host = "commandcenter.example.com"
}
