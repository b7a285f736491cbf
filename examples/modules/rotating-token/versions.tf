terraform {
  required_version = ">= 1.5"

  required_providers {
    commvault = {
      source = "commvault-tokens/commvault"
    }
  }
}
