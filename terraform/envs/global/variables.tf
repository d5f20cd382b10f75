variable "clients" {
  description = "IAM members of the applications that predict, by a name of their own; they read the selector and its copies."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether what holds data refuses to be destroyed: the artifact bucket, the selector's database and secret."
  type        = bool
  default     = true
  nullable    = false
}

variable "deployers" {
  description = "IAM members who apply, by a name of their own; make apply acts as the identities, as which they may get tokens, until their grants hold."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "multi_regions" {
  description = "The multi-regions around the two sides: the artifact bucket's and the selector's."
  type = object({
    bucket   = optional(string, "EU")
    database = optional(string, "eur3")
  })
  default  = {}
  nullable = false
}

variable "project" {
  description = "The Google Cloud project id that both sides live in."
  type        = string
  nullable    = false
}

variable "service" {
  description = "The prediction service that the two sides keep up: its name, the region of each side, and the first part of every name."
  type = object({
    name   = string
    prefix = optional(string)
    regions = object({
      dr      = string
      primary = string
    })
  })
  nullable = false
}
