terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.30, < 9"
    }
  }
}

variable "step" {
  description = "1 is how everything is created, 2 is how it is changed in place."
  type        = number
  default     = 1
}

provider "google" {
  project = "demo"
  region  = "europe-west4"

  default_labels = {
    owner = "parity"
  }
}

provider "google" {
  alias   = "dr"
  project = "demo"
  region  = "europe-west1"
}
