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
    schedules = optional(object({
      # A version is exported and imported within half an hour: two periods, half of the default RPO. Images and
      # specs come before the models that need them, reconciling after them, verifying last.
      export_models     = optional(string, "*/15 * * * *")
      import_models     = optional(string, "6-59/15 * * * *")
      mirror_images     = optional(string, "3-59/15 * * * *")
      probe_region      = optional(string, "* * * * *") # the scheduler's finest step; a probe goes on for probe_window_seconds
      publish_pipelines = optional(string, "3-59/15 * * * *")
      reconcile_models  = optional(string, "9-59/15 * * * *")
      run_pipelines     = optional(string, "0 3 * * *")
      verify_replicas   = optional(string, "12-59/15 * * * *") # four proofs in every readiness_max_age_seconds
    }), {})
  })
  nullable = false
}

variable "side" {
  description = "The side that is made: primary or dr."
  type        = string
  nullable    = false
}
