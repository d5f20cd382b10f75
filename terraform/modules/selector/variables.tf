variable "copiers" {
  description = "IAM members that may add a copy of the selector to the secret, by a name of their own."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "copy_readers" {
  description = "IAM members that may read the copies in the secret, by a name of their own; applications belong here too."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "database" {
  description = "Name and multi-region of the Firestore database that holds the selector."
  type = object({
    location = optional(string, "eur3")
    name     = string
  })
  nullable = false

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

variable "readers" {
  description = "IAM members that may read documents of the database, by a name of their own; applications belong here."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "secret" {
  description = "Id of the secret that holds copies of the selector."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,255}$", var.secret))
    error_message = "secret must be a secret id of letters, digits, hyphens and underscores, got ${var.secret}."
  }
}

variable "writers" {
  description = "IAM members that may read and write documents of the database, by a name of their own."
  type        = map(string)
  default     = {}
  nullable    = false
}
