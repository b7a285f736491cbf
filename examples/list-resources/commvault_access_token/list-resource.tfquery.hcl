# All tokens of the provider's own user, up to 1000.
list "commvault_access_token" "all" {
  provider = commvault
  limit    = 1000
}

# The tokens of another user that match all filters, with the values that an import would store in state.
list "commvault_access_token" "of_a_service" {
  provider         = commvault
  include_resource = true

  config {
    user_id    = 7
    name_regex = "^ci-"
    type       = "CUSTOM"
  }
}
