terraform {
  required_version = ">= 1.2"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}
