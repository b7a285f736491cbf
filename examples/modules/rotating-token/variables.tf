variable "name" {
  description = "The purpose of the token. The name of each token consists of this text, a dash, the time of its creation and random digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", var.name))
    error_message = "The name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or a digit."
  }
}

variable "type" {
  description = "What the token may do: CUSTOM for the calls below api_endpoints, ALL for every call of its owner, Hyperscale, MS_SCIM for Azure SCIM calls only, OneTouch for 1-Touch recovery."
  type        = string
  default     = "CUSTOM"
  nullable    = false

  validation {
    condition     = contains(["CUSTOM", "ALL", "Hyperscale", "MS_SCIM", "OneTouch"], var.type)
    error_message = "The type is CUSTOM, ALL, Hyperscale, MS_SCIM or OneTouch, in this spelling."
  }
}

variable "api_endpoints" {
  description = "The paths that the token may call, with everything below them, such as /v4/servers. Required with the type CUSTOM, and not allowed otherwise."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.api_endpoints : can(regex("^/[^/]", path))])
    error_message = "Each endpoint is a path that begins with a slash and names something, such as /v4/servers."
  }
}

variable "allowed_ips" {
  description = "The addresses from which the token can be used: IPv4, IPv6, CIDR blocks, or ranges a-b. If null, the token can be used from any address."
  type        = set(string)
  default     = null

  validation {
    condition     = var.allowed_ips == null ? true : length(var.allowed_ips) > 0
    error_message = "The set of addresses is empty, which could mean no address or any address. Use null for everybody."
  }
}

variable "user_id" {
  description = "The id of the user who owns the token, such as a service account. If null, the user of the provider owns it."
  type        = number
  default     = null
}

variable "lifetime_days" {
  description = "The number of days after its creation at which a token ends. If null, 90 days; 30 days for MS_SCIM, 7 days for OneTouch."
  type        = number
  default     = null

  validation {
    condition     = var.lifetime_days == null ? true : var.lifetime_days >= 2 && var.lifetime_days <= 365 && floor(var.lifetime_days) == var.lifetime_days
    error_message = "The lifetime is a whole number of days, from 2 to 365."
  }
}

variable "rotate_before_days" {
  description = "The number of days before its end at which a token is rotated. If null, 14 days, or a third of a lifetime that is shorter than 42 days."
  type        = number
  default     = null

  validation {
    condition     = var.rotate_before_days == null ? true : var.rotate_before_days >= 1 && floor(var.rotate_before_days) == var.rotate_before_days
    error_message = "The token is rotated a whole number of days before its end, at least 1."
  }
}

variable "overlap_hours" {
  description = "The number of hours for which the old token stays valid after a rotation. Choose a longer time than the consumers cache the token."
  type        = number
  default     = 48
  nullable    = false

  validation {
    condition     = var.overlap_hours >= 1 && floor(var.overlap_hours) == var.overlap_hours
    error_message = "The overlap is a whole number of hours, at least 1."
  }
}

variable "renew" {
  description = "Whether Terraform renews the token. If true, Terraform has to run every few minutes. If false, the consumer renews the token."
  type        = bool
  default     = false
  nullable    = false
}

variable "renew_before_minutes" {
  description = "The number of minutes before the expiry of the access token at which Terraform renews it. If null, 10 minutes. Only with renew = true."
  type        = number
  default     = null

  validation {
    condition     = var.renew_before_minutes == null ? true : var.renew_before_minutes >= 1 && var.renew_before_minutes <= 43200 && floor(var.renew_before_minutes) == var.renew_before_minutes
    error_message = "The token is renewed a whole number of minutes before it expires, from 1 to 43200."
  }
}
