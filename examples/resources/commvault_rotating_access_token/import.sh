# A token of the provider's own user, by its id.
terraform import commvault_rotating_access_token.pipeline 42

# A token of another user, by the ids of the user and the token.
terraform import commvault_rotating_access_token.pipeline 7/42
