locals {
  # The ids of tokens that nobody uses any more.
  ids = ["42"]
}

action "commvault_revoke_access_token" "leftovers" {
  config {
    ids = local.ids
  }
}

# If the list has changed, the apply revokes the tokens in it.
resource "terraform_data" "leftovers" {
  input = local.ids

  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.commvault_revoke_access_token.leftovers]
    }
  }
}
