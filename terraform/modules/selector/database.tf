# Terraform owns the place, Python the document in it: no apply can undo a failover.
resource "google_firestore_database" "selector" {
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = "DELETE" # the default would forget the database and leave it standing
  location_id                       = var.database.location
  name                              = var.database.name
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  project                           = var.project
  type                              = "FIRESTORE_NATIVE"
}
