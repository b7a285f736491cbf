# The token is created when a run needs it, revoked when the run no longer needs it, and never in the state or a plan.
ephemeral "commvault_access_token" "run" {
  name_prefix   = "run-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]
}

# The token can configure another provider, in this example one for REST APIs.
provider "restapi" {
  uri = "https://commandcenter.example.com/commandcenter/api"
  headers = {
    Authtoken = ephemeral.commvault_access_token.run.access_token
  }
}
