locals {
  services = [
    "aiplatform",
    "artifactregistry",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "firestore",
    "iam",
    "pubsub",
    "run",
    "secretmanager",
    "serviceusage",
    "storage",
  ]
}

resource "google_project_service" "needed" {
  for_each = toset(local.services)

  disable_on_destroy = false # others in the project may use it
  project            = var.project
  service            = "${each.value}.googleapis.com"
}
