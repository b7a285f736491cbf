# terraform test -test-directory=tests/mocked needs no Command Center: nothing is sent. It needs Terraform 1.7 or
# OpenTofu 1.8, so it has a directory of its own.

mock_provider "commvault" {}

variables {
  name          = "module-test"
  api_endpoints = ["/v4/servers"]
}

run "limits_the_token_to_its_endpoints" {
  assert {
    condition     = commvault_rotating_access_token.this.type == "CUSTOM" && contains(commvault_rotating_access_token.this.api_endpoints, "/v4/servers")
    error_message = "The token may do something else than the module was asked for."
  }

  assert {
    condition     = commvault_rotating_access_token.this.renew == false && output.refresh_token != null
    error_message = "The consumer that renews gets no refresh token."
  }
}

run "accepts_every_call_if_it_is_said" {
  variables {
    type          = "ALL"
    api_endpoints = []
  }

  assert {
    condition     = commvault_rotating_access_token.this.type == "ALL"
    error_message = "A token for every call is not of the type ALL."
  }
}

run "keeps_the_refresh_token_to_itself" {
  variables {
    renew = true
  }

  assert {
    condition     = output.refresh_token == null && output.access_token != null
    error_message = "Terraform renews, and a second party gets the refresh token."
  }
}

run "refuses_an_unknown_type" {
  command = plan

  variables {
    type = "all"
  }

  expect_failures = [var.type]
}
