# Handed to modules/side as they are: types, checks and, where null stands here, defaults are there.
variable "bundle" {
  description = "Path of the zip of functions/, which make package builds."
  type        = string
  default     = "../../../build/bundle.zip"
}

variable "deletion_protection" {
  description = "Whether the staging bucket refuses to be destroyed while it holds objects; null for modules/side's default."
  type        = bool
  default     = null
}

variable "pipelines_run_on" {
  description = "The side whose pipeline schedule fires; null for modules/side's default."
  type        = string
  default     = null
}

variable "project" {
  description = "The Google Cloud project id that both sides live in."
  type        = string
}

variable "service" {
  description = "The prediction service, as modules/side takes it."
  type        = any
}

variable "side" {
  description = "The side that this environment is: primary or dr."
  type        = string
}
