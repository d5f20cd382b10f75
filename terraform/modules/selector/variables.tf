variable "database" {
  description = "The Firestore database that holds the selector: its name, its multi-region, and who may do what in it."
  type = object({
    iam = optional(map(object({
      member = string
      role   = string
    })), {})
    location = optional(string, "eur3")
    name     = string
  })
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.database.iam) : startswith(binding.role, "roles/datastore.")])
    error_message = "database.iam must use roles of Firestore, got ${join(", ", [for binding in values(var.database.iam) : binding.role])}."
  }
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.database.name))
    error_message = "database.name must be 4 to 63 lower-case letters, digits or hyphens, got ${var.database.name}."
  }
  validation {
    condition     = contains(["eur3", "nam5", "nam7"], var.database.location)
    error_message = "database.location must be a multi-region (eur3, nam5, nam7), since the selector outlives a region, got ${var.database.location}."
  }
}

variable "deletion_protection" {
  description = "Whether database and secret refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "Labels of the secret."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "project" {
  description = "The project that owns the selector."
  type        = string
  nullable    = false
}

variable "secret" {
  description = "The secret that holds copies of the selector: its id, and who may do what with it; applications read."
  type = object({
    iam = optional(map(object({
      member = string
      role   = string
    })), {})
    id = string
  })
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.secret.iam) : startswith(binding.role, "roles/secretmanager.")])
    error_message = "secret.iam must use roles of Secret Manager, got ${join(", ", [for binding in values(var.secret.iam) : binding.role])}."
  }
  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,255}$", var.secret.id))
    error_message = "secret.id must be a secret id of letters, digits, hyphens and underscores, got ${var.secret.id}."
  }
}
