# Import a token of the provider's own user by its id.
terraform import commvault_access_token.exporter 42

# Import a token of another user by the id of the user and the id of the token.
terraform import commvault_access_token.exporter 7/42
