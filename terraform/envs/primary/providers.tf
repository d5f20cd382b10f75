provider "google" {
  project = var.project
  region  = var.service.regions[var.side]
}
