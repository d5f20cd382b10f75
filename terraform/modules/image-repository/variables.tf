variable "description" {
  description = "What the repository holds, in one sentence."
  type        = string
  nullable    = false
}

variable "format" {
  description = "DOCKER for container images, KFP for compiled pipeline specs."
  type        = string
  default     = "DOCKER"
  nullable    = false

  validation {
    condition     = contains(["DOCKER", "KFP"], var.format)
    error_message = "format must be DOCKER or KFP, got ${var.format}."
  }
}

variable "iam" {
  description = "Who may do what with the repository, by a name of their own; readers pull, writers push too and delete nothing."
  type = map(object({
    member = string
    role   = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.iam) : startswith(binding.role, "roles/artifactregistry.")])
    error_message = "iam must use roles of Artifact Registry, got ${join(", ", [for binding in values(var.iam) : binding.role])}."
  }
}

variable "labels" {
  description = "Labels of the repository."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "name" {
  description = "Id of the repository."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name must be 1 to 63 lower-case letters, digits or hyphens, got ${var.name}."
  }
}

variable "project" {
  description = "The project that owns the repository."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that the repository lives in."
  type        = string
  nullable    = false
}
