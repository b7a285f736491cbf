variable "days" {
  description = "The number of days to look ahead."
  type        = number
  default     = 30
}

data "commvault_access_tokens" "ending" {
  ends_before = timeadd(plantimestamp(), "${24 * var.days}h")
}

check "tokens_that_end" {
  assert {
    condition = length(data.commvault_access_tokens.ending.tokens) == 0
    error_message = join("\n", concat(["These tokens end within ${var.days} days, or have ended:"], [
      for token in data.commvault_access_tokens.ending.tokens : "${token.name} (id ${token.id}): ${token.ends_at}"
    ]))
  }
}
