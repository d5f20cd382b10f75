resource "google_secret_manager_secret" "copies" {
  deletion_protection = var.deletion_protection
  labels              = var.labels
  project             = var.project
  secret_id           = var.secret.id

  replication {
    auto {} # with replicas of our own choosing it could not be written while one of their regions is dark
  }
}
