variable "build" {
  description = "Who builds the function's container: e-mail address of the identity, id of the repository of the function's region that it pushes to, and a private pool, or null for Google's own."
  type = object({
    identity    = string
    repository  = string
    worker_pool = optional(string)
  })
  nullable = false

  validation {
    condition     = var.build.worker_pool == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/workerPools/[^/]+$", var.build.worker_pool))
    error_message = "build.worker_pool must be projects/PROJECT/locations/REGION/workerPools/NAME, got ${var.build.worker_pool == null ? "null" : var.build.worker_pool}."
  }
}

variable "bundle" {
  description = "The zip of functions/: its bucket, and its name, which says its content."
  type = object({
    bucket = string
    object = string
  })
  nullable = false

  validation {
    condition     = can(regex("[0-9a-f]{32}\\.zip$", var.bundle.object))
    error_message = "bundle.object must be named by its md5, or a new bundle would deploy nothing, got ${var.bundle.object}."
  }
}

variable "entry_point" {
  description = "The function of main.py that answers."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z_]*[a-z]$", var.entry_point))
    error_message = "entry_point must be a Python function such as export_models, got ${var.entry_point}."
  }
}

variable "environment" {
  description = "Environment of the function: the side's settings."
  type        = map(string)
  nullable    = false
}

variable "iam" {
  description = "Who may do what with the function besides its own schedule, by a name of their own; roles/run.invoker calls it."
  type = map(object({
    member = string
    role   = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for binding in values(var.iam) : startswith(binding.role, "roles/run.")])
    error_message = "iam must use roles of Cloud Run, got ${join(", ", [for binding in values(var.iam) : binding.role])}."
  }
  validation {
    condition     = length(setintersection([for binding in values(var.iam) : binding.member], ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "iam must name somebody, got ${join(", ", [for binding in values(var.iam) : binding.member])}; a public function could be made to flip the selector."
  }
}

variable "identity" {
  description = "E-mail address of the service account that the function acts as, and that its own schedule calls it as."
  type        = string
  nullable    = false
}

variable "ingress" {
  description = "Where calls may come from: ALLOW_INTERNAL_ONLY for schedules, ALLOW_ALL for another function, which calls from outside any VPC."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY" # Cloud Scheduler is internal
  nullable    = false

  validation {
    condition     = contains(["ALLOW_ALL", "ALLOW_INTERNAL_ONLY"], var.ingress)
    error_message = "ingress must be ALLOW_ALL or ALLOW_INTERNAL_ONLY, got ${var.ingress}."
  }
}

variable "labels" {
  description = "Labels of the function."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "limits" {
  description = "What one instance gets, how long a call may take, how many run at once, and how many stay warm."
  type = object({
    cpu             = optional(string, "1")
    max_instances   = optional(number, 1)
    memory          = optional(string, "512M")
    min_instances   = optional(number)
    timeout_seconds = optional(number, 540)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.limits.timeout_seconds >= 1 && var.limits.timeout_seconds <= 1800
    error_message = "limits.timeout_seconds must be 1 to 1800, the longest that Cloud Scheduler waits, got ${var.limits.timeout_seconds}."
  }
}

variable "name" {
  description = "Name of the function and of its scheduler job."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 63 lower-case letters, digits or hyphens, got ${var.name}."
  }
}

variable "project" {
  description = "The project that owns the function."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that the function runs in."
  type        = string
  nullable    = false
}

variable "schedule" {
  description = "When the function runs by itself: five cron fields and their time zone; null for never."
  type = object({
    cron      = string
    time_zone = optional(string, "Etc/UTC")
  })
  default = null

  validation {
    condition     = var.schedule == null ? true : can(regex("^(\\S+ ){4}\\S+$", var.schedule.cron))
    error_message = "schedule.cron must have five fields, got \"${var.schedule == null ? "" : var.schedule.cron}\"."
  }
}
