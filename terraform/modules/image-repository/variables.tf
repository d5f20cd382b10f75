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

variable "readers" {
  description = "IAM members that may pull, by a name of their own."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "region" {
  description = "The region that the repository lives in."
  type        = string
  nullable    = false
}

variable "writers" {
  description = "IAM members that may pull and push, and delete nothing, by a name of their own."
  type        = map(string)
  default     = {}
  nullable    = false
}
