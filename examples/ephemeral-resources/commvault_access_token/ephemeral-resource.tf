# Created when a run needs it, revoked when the run is done with it, never in the state or a plan.
ephemeral "commvault_access_token" "run" {
  name_prefix   = "run-"
  type          = "CUSTOM"
  api_endpoints = ["/v4/servers"]
}

# It can configure another provider, here one that speaks plain REST.
provider "restapi" {
  uri = "https://commandcenter.example.com/commandcenter/api"
  headers = {
    Authtoken = ephemeral.commvault_access_token.run.access_token
  }
}
