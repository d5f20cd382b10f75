variable "multi_regions" {
  description = "The multi-regions around the two sides, with the defaults of envs/global."
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
  description = "The prediction service, as modules/side takes it, with the defaults of modules/vertex-model."
  type = object({
    models = optional(map(object({
      machine_type = optional(string, "n1-standard-2")
      max_replicas = optional(number, 1)
      min_replicas = optional(number, 1)
    })), {})
    name     = string
    pipeline = optional(map(string), {})
    policy   = optional(map(number), {})
    prefix   = optional(string)
    regions = object({
      dr      = string
      primary = string
    })
    worker_pools = optional(map(string), {})
  })
  nullable = false
}

variable "state_project" {
  description = "The project that holds the buckets of Terraform's state, where that is another one."
  type        = string
  default     = null
}
