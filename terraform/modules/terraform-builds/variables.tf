variable "approvers" {
  description = "IAM members who may approve an apply, by a name of their own; without one nothing is ever applied by a build."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.approvers) > 0
    error_message = "approvers must name somebody, or no apply could ever be approved."
  }
}

variable "branch" {
  description = "Regular expression of the branch whose pushes are planned and, once approved, applied."
  type        = string
  default     = "^main$"
  nullable    = false
}

variable "configs" {
  description = "What the two builds do, as cloudbuild.yaml and cloudbuild.apply.yaml of the repository say."
  type = object({
    apply = any
    plan  = any
  })
  nullable = false
}

variable "identities" {
  description = "Full name of the service account that each build acts as: the planner reads, the deployer changes."
  type = object({
    deployer = string
    planner  = string
  })
  nullable = false

  validation {
    condition     = var.identities.deployer != var.identities.planner
    error_message = "identities must differ, or what is pushed could change the project before anybody approves it, got ${var.identities.deployer} twice."
  }
}

variable "prefix" {
  description = "First part of the triggers' names."
  type        = string
  nullable    = false
}

variable "project" {
  description = "The project that builds."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that builds; restricted projects build in few, see README."
  type        = string
  nullable    = false
}

variable "repository" {
  description = "The connected repository, projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/NAME, in the region that builds."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "repository must be projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/NAME, got ${var.repository}."
  }
}

variable "substitutions" {
  description = "Values of the variables that the builds name, such as _TOOLS."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.substitutions) : can(regex("^_[A-Z0-9_]+$", name))])
    error_message = "substitutions must be named by an underscore, capitals and digits, got ${join(", ", keys(var.substitutions))}."
  }
}

variable "worker_pool" {
  description = "The private pool that builds, projects/PROJECT/locations/REGION/workerPools/NAME; null for Google's own."
  type        = string
  default     = null
}
