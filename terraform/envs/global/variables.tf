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
  description = "The multi-regions around the two sides: the artifact bucket's, the selector's, and that of the builds' tools."
  type = object({
    bucket   = optional(string, "EU")
    database = optional(string, "eur3")
    images   = optional(string, "europe")
  })
  default  = {}
  nullable = false
}

variable "operators" {
  description = "IAM members who are on call, by a name of their own: they read status, fail over and back, hold and release, and may do nothing else."
  type        = map(string)
  default     = {}
  nullable    = false
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

variable "state_project" {
  description = "The project that holds the buckets of Terraform's state, where that is another one."
  type        = string
  default     = null
}

variable "terraform_builds" {
  description = "The builds that plan each push and apply what is approved, as modules/terraform-builds takes it, with the image that make tools pushed; null for none."
  type = object({
    approvers   = map(string)
    branch      = optional(string)
    region      = string
    repository  = string
    tools_tag   = optional(string, "1")
    worker_pool = optional(string)
  })
  default = null
}
