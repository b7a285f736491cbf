locals {
  # Tokens that nobody uses any more.
  ids = ["42"]
}

action "commvault_revoke_access_token" "leftovers" {
  config {
    ids = local.ids
  }
}

# An apply that finds the list changed revokes what is on it.
resource "terraform_data" "leftovers" {
  input = local.ids

  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.commvault_revoke_access_token.leftovers]
    }
  }
}
