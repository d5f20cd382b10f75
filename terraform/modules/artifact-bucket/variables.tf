variable "force_destroy" {
  description = "Whether a terraform destroy may delete the bucket with everything in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "iam" {
  description = "Who may do what, by a name of their own, and under which prefixes; no prefix means the whole bucket."
  type = map(object({
    member = string
    role   = string
    under  = optional(set(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.iam) : startswith(binding.role, "roles/storage.")])
    error_message = "iam must use roles of Cloud Storage, got ${join(", ", [for binding in values(var.iam) : binding.role])}."
  }
  validation {
    condition     = alltrue(flatten([for binding in values(var.iam) : [for prefix in binding.under : can(regex("^[a-z][^\"]*/$", prefix))]]))
    error_message = "iam[*].under must be prefixes that end in a slash, got ${join(", ", flatten([for binding in values(var.iam) : tolist(binding.under)]))}."
  }
}

variable "labels" {
  description = "Labels of the bucket."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Where the bucket lives: a region, or a multi-region with data_locations."
  type = object({
    data_locations = optional(set(string))
    name           = string
  })
  nullable = false

  validation {
    condition     = var.location.data_locations == null ? true : length(var.location.data_locations) == 2
    error_message = "location.data_locations must be two regions, got ${var.location.data_locations == null ? "none" : join(", ", var.location.data_locations)}."
  }
  validation {
    condition     = (var.location.data_locations != null) == contains(["ASIA", "EU", "US"], upper(var.location.name))
    error_message = "location.name must be ASIA, EU or US with data_locations and a region without them, got ${var.location.name} ${var.location.data_locations == null ? "without" : "with"} them."
  }
}

variable "name" {
  description = "Name of the bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 63 lower-case letters, digits or hyphens, got ${var.name}."
  }
}

variable "project" {
  description = "The project that owns the bucket."
  type        = string
  nullable    = false
}

variable "retention" {
  description = "How long what was replaced or deleted stays recoverable, and after how many days a prefix's objects go."
  type = object({
    expire_days      = optional(map(number), {})
    noncurrent_days  = optional(number, 30)
    soft_delete_days = optional(number, 7)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retention.soft_delete_days >= 7 && var.retention.soft_delete_days <= 90
    error_message = "retention.soft_delete_days must be 7 to 90, to cover a weekend, got ${var.retention.soft_delete_days}."
  }
  validation {
    condition     = var.retention.noncurrent_days >= 7
    error_message = "retention.noncurrent_days must be 7 or more, to cover a weekend, got ${var.retention.noncurrent_days}."
  }
}
