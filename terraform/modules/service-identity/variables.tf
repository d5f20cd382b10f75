variable "account_id" {
  description = "Id of the service account: the part of its e-mail address before the @."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.account_id))
    error_message = "account_id must be 6 to 30 lower-case letters, digits or hyphens, got ${var.account_id}."
  }
}

variable "description" {
  description = "What the identity is for, in one sentence."
  type        = string
  nullable    = false
}

variable "iam" {
  description = "Who may do what with the identity, by a name of their own; roles/iam.serviceAccountUser starts work as it."
  type = map(object({
    member = string
    role   = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.iam) : startswith(binding.role, "roles/iam.")])
    error_message = "iam must use roles of IAM, got ${join(", ", [for binding in values(var.iam) : binding.role])}."
  }
}

variable "iam_project_roles" {
  description = "Roles of the identity itself on the whole project, by a name of their own; only for services that know no smaller scope."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for role in values(var.iam_project_roles) : can(regex("^(roles|projects/[^/]+/roles)/", role))])
    error_message = "iam_project_roles must be role names such as roles/aiplatform.viewer, got ${join(", ", values(var.iam_project_roles))}."
  }
  validation {
    condition     = length(setintersection(values(var.iam_project_roles), ["roles/owner", "roles/editor"])) == 0
    error_message = "iam_project_roles must not be basic roles, got ${join(", ", values(var.iam_project_roles))}; a function that is taken over must not own the project."
  }
}

variable "project" {
  description = "The project that the identity belongs to and has its project roles in."
  type        = string
  nullable    = false
}
