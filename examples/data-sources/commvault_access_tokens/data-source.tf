# All tokens of the provider's own user.
data "commvault_access_tokens" "all" {}

# The tokens of another user that match all filters.
data "commvault_access_tokens" "of_a_service" {
  user_id     = 7
  name_regex  = "^ci-"
  type        = "CUSTOM"
  ends_before = "2027-03-31T00:00:00Z"
}

output "tokens" {
  value = { for token in data.commvault_access_tokens.all.tokens : token.id => token.name }
}
