variable "bucket" {
  description = "The side's staging bucket, where reconcile_models looks for manifests."
  type        = string
  nullable    = false
}

variable "endpoint" {
  description = "Numeric id of the endpoint that serves the model."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,9}$", var.endpoint))
    error_message = "endpoint must be a numeric endpoint id, got ${var.endpoint}."
  }
}

variable "name" {
  description = "Id of the model in the registry."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9_-]{0,61}[a-z0-9]$", var.name))
    error_message = "name must be a model id: 2 to 63 lower-case letters, digits, hyphens or underscores, got ${var.name}."
  }
}

variable "serving" {
  description = "Which version serves, by its alias, and on what."
  type = object({
    alias        = optional(string, "default")
    machine_type = optional(string, "n1-standard-2")
    max_replicas = optional(number, 1)
    min_replicas = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,126}[a-z0-9]$", var.serving.alias))
    error_message = "serving.alias must be an alias, not a version number, got ${var.serving.alias}."
  }
  validation {
    condition     = var.serving.min_replicas >= 1
    error_message = "serving.min_replicas must be 1 or more: a replica that must start first is not hot, got ${var.serving.min_replicas}."
  }
  validation {
    condition     = var.serving.max_replicas >= var.serving.min_replicas
    error_message = "serving.max_replicas must be at least min_replicas (${var.serving.min_replicas}), got ${var.serving.max_replicas}."
  }
}
