# terraform test issues real tokens, and revokes them at its end: run it against a simulator, or as an account for tests.
# COMMVAULT_HOST, COMMVAULT_USERNAME and COMMVAULT_PASSWORD come from the environment.

variables {
  name          = "module-test"
  api_endpoints = ["/v4/servers"]
}

run "issues_a_pair" {
  assert {
    condition     = startswith(output.name, "module-test-")
    error_message = "The name of the token does not begin with the name that the module was given."
  }

  assert {
    condition     = length(output.access_token) > 0 && length(output.refresh_token) > 0
    error_message = "The consumer gets no pair to renew."
  }

  assert {
    condition     = output.secret_version > 0 && length(output.previous_tokens) == 0
    error_message = "The first token has no version, or a token before it."
  }
}

run "updates_in_place" {
  variables {
    allowed_ips = ["10.20.0.0/16"]
  }

  assert {
    condition     = output.name == run.issues_a_pair.name
    error_message = "A change of the addresses issues another token."
  }
}

run "rotates_with_an_overlap" {
  variables {
    lifetime_days = 60
  }

  assert {
    condition     = output.name != run.issues_a_pair.name && output.secret_version > run.issues_a_pair.secret_version
    error_message = "Another lifetime issues no new token."
  }

  assert {
    condition     = length(output.previous_tokens) == 1
    error_message = "The old token has no overlap."
  }
}

run "keeps_the_refresh_token_to_itself" {
  variables {
    lifetime_days        = 60
    renew                = true
    renew_before_minutes = 15
  }

  assert {
    condition     = output.refresh_token == null
    error_message = "Terraform renews, and a second party gets the refresh token."
  }

  assert {
    condition     = length(output.access_token) > 0
    error_message = "The consumer gets no access token."
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
