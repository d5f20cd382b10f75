variable "function" {
  description = "The function that starts the run: its address, and the identity that calls it."
  type = object({
    identity = string
    url      = string
  })
  nullable = false
}

variable "name" {
  description = "Name of the scheduler job."
  type        = string
  nullable    = false
}

variable "paused" {
  description = "Whether the schedule rests; the side that does not run pipelines keeps it, paused."
  type        = bool
  nullable    = false
}

variable "project" {
  description = "The project that owns the scheduler job."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that the schedule fires in."
  type        = string
  nullable    = false
}

variable "schedule" {
  description = "When the pipeline runs: five cron fields and their time zone."
  type = object({
    cron      = optional(string, "0 3 * * *")
    time_zone = optional(string, "Etc/UTC")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^(\\S+ ){4}\\S+$", var.schedule.cron))
    error_message = "schedule.cron must have five fields, got \"${var.schedule.cron}\"."
  }
}
