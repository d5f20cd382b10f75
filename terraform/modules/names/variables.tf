variable "pipeline" {
  description = "The pipeline that the schedule starts; package defaults to the service's name with -training."
  type = object({
    package = optional(string)
    tag     = optional(string, "latest")
  })
  default  = {}
  nullable = false
}

variable "policy" {
  description = "How often a side is probed, how many failures decide, and the promised objectives; times in seconds."
  type = object({
    failures_to_act           = optional(number, 3)
    probe_confirm_seconds     = optional(number, 1)
    probe_interval_seconds    = optional(number, 5)
    probe_window_seconds      = optional(number, 55)
    readiness_max_age_seconds = optional(number, 3600)
    rpo_objective_seconds     = optional(number, 3600)
    rto_objective_seconds     = optional(number, 15)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.policy.failures_to_act >= 2
    error_message = "policy.failures_to_act must be 2 or more, so that one lost packet flips nothing, got ${var.policy.failures_to_act}."
  }
  validation {
    condition     = var.policy.probe_window_seconds < 60 && var.policy.probe_window_seconds >= var.policy.probe_interval_seconds
    error_message = "policy.probe_window_seconds must hold one interval (${var.policy.probe_interval_seconds}) and end before the next minute's probe starts, got ${var.policy.probe_window_seconds}."
  }
  validation {
    # a probe fails within an interval; the others confirm it
    condition     = var.policy.probe_interval_seconds + (var.policy.failures_to_act - 1) * var.policy.probe_confirm_seconds < var.policy.rto_objective_seconds
    error_message = "policy cannot keep its promise: a failure within ${var.policy.probe_interval_seconds} s and ${var.policy.failures_to_act - 1} confirmations every ${var.policy.probe_confirm_seconds} s leave nothing of rto_objective_seconds, ${var.policy.rto_objective_seconds}."
  }
}

variable "prefix" {
  description = "First part of every name; short, because service account ids end at 30 characters."
  type        = string
  default     = "vdr"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,3}$", var.prefix))
    error_message = "prefix must be 2 to 4 lower-case letters or digits and start with a letter, got ${var.prefix}."
  }
}

variable "project" {
  description = "The Google Cloud project id that both sides live in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,28}[a-z0-9]$", var.project))
    error_message = "project must be a project id: 4 to 30 lower-case letters, digits or hyphens, got ${var.project}."
  }
}

variable "regions" {
  description = "The region of each side; two different ones."
  type = object({
    dr      = string
    primary = string
  })
  nullable = false

  validation {
    condition     = var.regions.primary != var.regions.dr
    error_message = "regions.primary and regions.dr must differ, or one outage takes both sides, got ${var.regions.primary} twice."
  }
  validation {
    condition     = alltrue([for region in values(var.regions) : can(regex("^[a-z]+-[a-z]+[0-9]{1,2}$", region))])
    error_message = "regions must be Google Cloud regions such as europe-west4, got ${join(" and ", values(var.regions))}."
  }
}

variable "service" {
  description = "The prediction service that the two sides keep up."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.service))
    error_message = "service must be 3 to 32 lower-case letters, digits or hyphens, got ${var.service}."
  }
}

variable "side" {
  description = "The side that is being named, primary or dr; null for what belongs to neither."
  type        = string
  default     = null

  validation {
    condition     = var.side == null ? true : contains(["primary", "dr"], var.side)
    error_message = "side must be primary or dr, got ${var.side == null ? "null" : var.side}."
  }
}
