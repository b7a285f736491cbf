# terraform test issues real tokens and revokes them at the end. Run it against a simulator, or with a test account.
# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.

variables {
  name          = "module-test"
  api_endpoints = ["/v4/servers"]
}

run "issues_a_pair" {
  assert {
    condition     = startswith(output.name, "module-test-")
    error_message = "The name of the token does not begin with the name of the module call."
  }

  assert {
    condition     = length(output.access_token) > 0 && length(output.refresh_token) > 0
    error_message = "The consumer does not get a pair to renew."
  }

  assert {
    condition     = output.secret_version > 0 && length(output.previous_tokens) == 0
    error_message = "The first token has no version, or has a previous token."
  }
}

run "updates_in_place" {
  variables {
    allowed_ips = ["10.20.0.0/16"]
  }

  assert {
    condition     = length(output.previous_tokens) == 0
    error_message = "A change of the addresses issued another token."
  }
}

run "rotates_with_an_overlap" {
  variables {
    lifetime_days = 60
  }

  assert {
    condition     = length(output.previous_tokens) == 1
    error_message = "A change of the lifetime did not issue a new token, or the old one has no overlap."
  }
}

run "omits_the_refresh_token" {
  variables {
    lifetime_days        = 60
    renew                = true
    renew_before_minutes = 15
  }

  assert {
    condition     = output.refresh_token == null
    error_message = "Terraform renews, but a second party gets the refresh token."
  }

  assert {
    condition     = length(output.access_token) > 0
    error_message = "The consumer does not get an access token."
  }
}

run "refuses_a_name_with_a_blank" {
  command = plan

  variables {
    name = "module test"
  }

  expect_failures = [var.name]
}

run "refuses_an_empty_set_of_addresses" {
  command = plan

  variables {
    allowed_ips = []
  }

  expect_failures = [var.allowed_ips]
}

run "refuses_all_with_endpoints" {
  command = plan

  variables {
    type = "ALL"
  }

  expect_failures = [commvault_rotating_access_token.this]
}
