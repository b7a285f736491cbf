data "commvault_access_tokens" "found" {}

# The output contains an import block for each token.
output "imports" {
  value = join("\n", [for token in data.commvault_access_tokens.found.tokens : <<-EOT
    # ${jsonencode(token.name)}
    import {
      to = commvault_access_token.token_${token.id}
      id = "${token.id}"
    }
    EOT
  ])
}
