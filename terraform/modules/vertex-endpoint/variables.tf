variable "display_name" {
  description = "What people read; the service's name."
  type        = string
  nullable    = false
}

variable "id" {
  description = "Numeric id of the endpoint, the same on both sides."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,9}$", var.id))
    error_message = "id must be 1 to 10 digits without a leading zero, got ${var.id}."
  }
}

variable "labels" {
  description = "Labels of the endpoint."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "project" {
  description = "The project that owns the endpoint."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that predicts."
  type        = string
  nullable    = false
}
