# terraform test -test-directory=tests/mocked sends nothing, so it does not need a Command Center. It is in a separate directory,
# because mocks require Terraform 1.7 or OpenTofu 1.8.

mock_provider "commvault" {}

variables {
  name          = "module-test"
  api_endpoints = ["/v4/servers"]
}

run "limits_the_token_to_its_endpoints" {
  assert {
    condition     = commvault_rotating_access_token.this.type == "CUSTOM" && contains(commvault_rotating_access_token.this.api_endpoints, "/v4/servers")
    error_message = "The token is not limited to the requested endpoints."
  }

  assert {
    condition     = commvault_rotating_access_token.this.renew == false && output.refresh_token != null
    error_message = "The consumer that renews does not get a refresh token."
  }
}

run "accepts_the_type_all" {
  variables {
    type          = "ALL"
    api_endpoints = []
  }

  assert {
    condition     = commvault_rotating_access_token.this.type == "ALL"
    error_message = "The token does not have the type ALL."
  }
}

run "omits_the_refresh_token" {
  variables {
    renew = true
  }

  assert {
    condition     = output.refresh_token == null && output.access_token != null
    error_message = "Terraform renews, but a second party gets the refresh token."
  }
}

run "refuses_an_unknown_type" {
  command = plan

  variables {
    type = "all"
  }

  expect_failures = [var.type]
}
