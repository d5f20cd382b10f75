variable "bundle" {
  description = "Path of the zip of functions/, which make package builds."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.bundle)
    error_message = "bundle must be a file, found none at ${var.bundle}; make package builds it."
  }
}

variable "deletion_protection" {
  description = "Whether the staging bucket refuses to be destroyed while it holds objects."
  type        = bool
  default     = true
  nullable    = false
}

variable "journal_days" {
  description = "How many days journals stay; those who explain what happened read them."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.journal_days >= 30
    error_message = "journal_days must be 30 or more, got ${var.journal_days}."
  }
}

variable "pipelines_run_on" {
  description = "The side whose pipeline schedule fires; the other's rests."
  type        = string
  default     = "primary"
  nullable    = false

  validation {
    condition     = contains(["primary", "dr"], var.pipelines_run_on)
    error_message = "pipelines_run_on must be primary or dr, got ${var.pipelines_run_on}."
  }
}

variable "project" {
  description = "The Google Cloud project id that both sides live in."
  type        = string
  nullable    = false
}

variable "service" {
  description = "The prediction service that the two sides keep up; what is left out has the default of modules/names."
  type = object({
    models = map(object({ # what the side serves, by the model's id in the registry
      alias        = optional(string)
      machine_type = optional(string)
      max_replicas = optional(number)
      min_replicas = optional(number)
    }))
    name     = string
    pipeline = optional(map(string), {})
    policy   = optional(map(number), {})
    prefix   = optional(string)
    regions = object({
      dr      = string
      primary = string
    })
    schedules = optional(map(string), {}) # five fields of cron by entry point, instead of the table's; null for never
    worker_pools = optional(object({      # private pools that build the functions; null for Google's own
      dr      = optional(string)
      primary = optional(string)
    }), {})
  })
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.service.schedules), keys(module.entry_points.functions))) == 0
    error_message = "service.schedules must be for functions of modules/functions, got ${join(", ", setsubtract(keys(var.service.schedules), keys(module.entry_points.functions)))}."
  }
}

variable "side" {
  description = "The side that is made: primary or dr."
  type        = string
  nullable    = false
}
