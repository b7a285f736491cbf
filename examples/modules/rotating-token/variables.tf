variable "name" {
  description = "What the token is for. Each token is named by it, a dash, and the moment of its creation."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", var.name))
    error_message = "The name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or a digit."
  }
}

variable "api_endpoints" {
  description = "The paths below which the token may call, such as /v4/servers. Empty makes a token for every call, which has to be said with allow_every_call as well."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.api_endpoints : can(regex("^/[^/]", path))])
    error_message = "Each endpoint is a path that begins with a slash, and says more than that."
  }
}

variable "allow_every_call" {
  description = "Whether the token may make every call that its owner may. Not together with api_endpoints."
  type        = bool
  default     = false
  nullable    = false
}

variable "allowed_ips" {
  description = "The addresses from which the token may be used: IPv4, IPv6, CIDR blocks, or ranges a-b. Null lets it be used from anywhere."
  type        = set(string)
  default     = null

  validation {
    condition     = var.allowed_ips == null ? true : length(var.allowed_ips) > 0
    error_message = "An empty set would let nobody in, or everybody: use null for everybody."
  }
}

variable "user_id" {
  description = "The id of the user who owns the token, such as a service account's. Null: the user of the provider."
  type        = number
  default     = null
}

variable "lifetime_days" {
  description = "The end of a new token, in days from its creation."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.lifetime_days >= 2 && var.lifetime_days <= 365 && floor(var.lifetime_days) == var.lifetime_days
    error_message = "The lifetime is a whole number of days, from 2 to 365."
  }
}

variable "overlap_hours" {
  description = "How many hours the old token stays valid after a rotation: longer than the caches of whoever uses it."
  type        = number
  default     = 48
  nullable    = false

  validation {
    condition     = var.overlap_hours >= 1 && floor(var.overlap_hours) == var.overlap_hours
    error_message = "The overlap is a whole number of hours, at least 1."
  }
}
